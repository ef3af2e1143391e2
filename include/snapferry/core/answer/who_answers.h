#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "snapferry/core/answer/last_words.h"
#include "snapferry/core/answer/no_receiver.h"

namespace snapferry {

/// Bytes of stdout within which a greeting must have come, behind whatever a login shell prints.
inline constexpr std::size_t greeting_bound = 64 * 1024;

/// Where the greeting begins in what came on stdout; nothing where it is not there. Only the exact
/// bytes count, and what follows them must be frames, so noise is never taken for what a receiver
/// says.
std::optional<std::size_t> find_greeting(std::string_view out);

/// Whether this receiver has ever spoken snapferry's protocol about this tag.
enum class HasSpoken { never, yes, not_known };

/// The question that was put: a greeting.
struct Asked {
    bool raw_demanded = false;  ///< a person says that the receiver is a classic one
    HasSpoken has_spoken = HasSpoken::never;
};

/// A receiver that speaks snapferry's protocol.
struct SpeaksSnapferry {
    std::string noise;  ///< what came before its greeting, as it came; empty where all is well
};

/// A receiver that takes a raw stream.
struct SpeaksRaw {
    std::string evidence;  ///< why that is believed, for the log
};

using WhoAnswers = std::variant<SpeaksSnapferry, SpeaksRaw, NoReceiver>;

/// Who answers a greeting. Nothing is decided by elimination: what is not known to be a receiver is
/// none, whatever its exit status. `words`: all that was said until the greeting came, the command
/// ended or the time for it was over; `ended`: it has ended.
WhoAnswers who_answers(const LastWords& words, bool ended, const Asked& asked);

/// A warning about noise before the greeting, with what silences it.
std::string noise_warning(std::string_view noise, std::string_view user);

}  // namespace snapferry
