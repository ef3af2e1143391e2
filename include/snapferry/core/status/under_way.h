#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// What a run that is under way has told of itself.
struct UnderWay {
    enum class Phase { connecting, comparing, sending, finishing, receiving, resuming };

    Phase phase = Phase::connecting;
    std::string snapshot{};                ///< empty where that is not known yet
    std::uint64_t done = 0;                ///< bytes of the stream
    std::uint64_t rate = 0;                ///< bytes a second, lately
    std::optional<std::uint64_t> whole{};  ///< bytes that the stream may come to

    friend bool operator==(const UnderWay&, const UnderWay&) = default;
};

/// Whose word it is: a process, and when it was started, so that no other can be taken for it.
struct ProcessMark {
    std::int64_t id = 0;
    std::uint64_t started = 0;  ///< as proc(5) has it; clock ticks after the boot

    friend bool operator==(const ProcessMark&, const ProcessMark&) = default;
};

struct ProgressNote {
    ProcessMark by;
    UnderWay at;

    friend bool operator==(const ProgressNote&, const ProgressNote&) = default;
};

/// "sending 34 % 108 MiB/s about 2 h"; brief: without the speed. What is not known is left out.
std::string text_of(const UnderWay& at, bool brief = false);

/// "sending".
std::string_view name_of(UnderWay::Phase phase);

/// As it is written down: one JSON object.
std::string note_text(const ProgressNote& note);

/// Nothing where it is none.
std::optional<ProgressNote> parse_note(std::string_view text);

}  // namespace snapferry
