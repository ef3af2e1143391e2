#include "snapferry/receive/talk/raw_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/receive/place/workplace.h"
#include "snapferry/receive/talk/reception_note.h"

namespace snapferry::receive {
namespace {

/// How long the sender may take to say the next word.
constexpr std::chrono::minutes raw_patience{60};

void take_stream(Workplace& place, const Tag& tag, int input, const Opening& opening, Log& log) {
    place.require_not_derived();
    place.begin();
    ReceptionProgress progress;
    ReceptionNote note(tag, {}, {});
    note.came(0);
    Reception reception(
        place.staging(), place.reception_settings(false), std::nullopt,
        [&](const auto& found) {
            place.require_space(place.check(found, {}));
            return place.bring_parent_in(found, {});
        },
        progress);

    std::copy(opening.begin(), opening.end(), reception.space().begin());
    for (std::size_t count = opening.size(); count > 0;) {
        reception.commit(count);
        count = read_before(
            std::chrono::steady_clock::now() + raw_patience, input, reception.space(),
            fmt::format("the sender has said nothing for {} min", raw_patience.count()));
    }
    const auto received = reception.finish();
    const auto result =
        place.complete(received, [&](const Uuid&) { log.info("{}", text_of(received)); });
    log.info("{} kept, {} pruned, {} free", result.kept.size(), result.pruned.size(),
             byte_text(result.free_bytes));
}

}  // namespace

void receive_raw(const Tag& tag, const Config& config, int input, const Opening& opening,
                 Log& log) {
    Workplace place(tag, config, log);
    place.clearing_up([&] { take_stream(place, tag, input, opening, log); });
}

}  // namespace snapferry::receive
