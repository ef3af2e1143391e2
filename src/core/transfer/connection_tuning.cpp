#include "snapferry/core/transfer/connection_tuning.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

/// One deciphers each of two connections, one checks the stream, and one writes it.
constexpr std::uint64_t enough_processors = 4;

constexpr double line_has_room = 0.5;
constexpr double much_waiting = 0.5;

/// A further connection takes a login, and what is over in a moment is not worth that: two seconds.
constexpr unsigned long_enough = 8;

constexpr unsigned that_pay = 2;  // connections

}  // namespace

std::optional<unsigned> parse_connections_setting(std::string_view text) {
    if (text == "auto") {
        return std::nullopt;
    }
    static_assert(most_connections <= 9);
    if (text.size() == 1 && text.front() >= '1' &&
        text.front() <= static_cast<char>('0' + most_connections)) {
        return static_cast<unsigned>(text.front() - '0');
    }
    throw Failure(ExitCode::configuration,
                  fmt::format("\"{}\" is no number of connections", escape_text(text, 40)),
                  fmt::format("it is auto, or from 1 to {}", most_connections));
}

ConnectionTuning::ConnectionTuning(std::optional<unsigned> demanded, const FarEnd& there)
    : demanded_(demanded),
      may_pay_(there.deciphers_slowly && there.processors.value_or(0) >= enough_processors) {}

unsigned ConnectionTuning::connections() const {
    return demanded_.value_or(may_pay_ && held_up_ >= long_enough ? that_pay : 1);
}

void ConnectionTuning::learn(const Stretch& stretch) {
    if (held_up_ >= long_enough) {
        return;  // another would be no sooner
    }
    const bool receiver_is_the_limit =
        stretch.line_busy < line_has_room && stretch.frames_waited > much_waiting;
    held_up_ = receiver_is_the_limit ? held_up_ + 1 : 0;
}

}  // namespace snapferry
