#include "snapferry/core/report/small_full_send.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::uint64_t much = std::uint64_t{64} << 20;  // bytes; less is no loss to alarm about
constexpr std::uint64_t share = 20;  // a twentieth of what was there is next to nothing

struct FullSend {
    std::string snapshot;
    std::uint64_t bytes = 0;       ///< of all runs that it took
    std::uint64_t sent_since = 0;  ///< bytes of all that arrived after it
};

bool is_part_of_full(const RunReport& run) {
    return !run.snapshot.empty() && run.parent.empty();
}

/// The newest first. A send that was interrupted has been counted in each of its runs.
std::vector<FullSend> full_sends(std::span<const RunReport> runs) {
    std::vector<FullSend> found;
    std::uint64_t since = 0;
    bool is_open = false;
    for (const auto& run : runs) {
        const bool arrived = run.outcome == ExitCode::done && run.stream_bytes > 0;
        if (is_part_of_full(run) && arrived) {
            found.push_back({run.snapshot, run.stream_bytes, since});
            is_open = true;
        } else if (is_part_of_full(run) && is_open && found.back().snapshot == run.snapshot) {
            found.back().bytes += run.stream_bytes;
        } else {
            is_open = is_open && run.stream_bytes == 0;
        }
        since += arrived ? run.stream_bytes : 0;
    }
    return found;
}

}  // namespace

std::optional<SmallFullSend> small_full_send(std::span<const RunReport> runs) {
    const auto sends = full_sends(runs);
    if (sends.size() < 2) {
        return std::nullopt;
    }
    const auto& last = sends.front();
    const auto largest = std::max_element(
        sends.begin() + 1, sends.end(),
        [](const FullSend& one, const FullSend& other) { return one.bytes < other.bytes; });
    const auto is_small = [&](const FullSend& send) {
        return largest->bytes >= much && send.bytes < largest->bytes / share;
    };
    const bool was_sent_again = sends[1].snapshot == last.snapshot && is_small(sends[1]);
    if (!is_small(last) || was_sent_again || last.sent_since >= largest->bytes / 2) {
        return std::nullopt;
    }
    return SmallFullSend{last.snapshot, last.bytes, largest->bytes};
}

std::string text_of(const SmallFullSend& send) {
    return fmt::format(
        "{} was sent in full and came to {}, where a full send before came to {}: was all of it "
        "mounted when the snapshot was taken? Look at it here; if it is right, snapshot-send "
        "--force "
        "while it is the newest accepts it",
        escape_text(send.snapshot), byte_text(send.bytes), byte_text(send.before));
}

}  // namespace snapferry
