#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Where a transfer is, for a person to read.
struct ProgressState {
    std::string job;
    std::string phase;  ///< "connecting", "sending"
    bool is_sending = false;
    std::uint64_t sent = 0;  ///< bytes of the stream, what the receiver had included
    std::uint64_t rate = 0;  ///< bytes a second, lately
    std::optional<std::uint64_t> estimate{};  ///< what the whole stream may come to, in bytes
    std::size_t place = 1;                    ///< of what is sent, among `series`
    std::size_t series = 1;                   ///< snapshots that are sent one after the other
};

/// One line that is at most `width` columns wide, without its end: "home  12.3 GiB  45.0 MiB/s
/// about 40 %  about 12 min left". What has no room is left out, the least telling first.
std::string progress_line(const ProgressState& state, std::size_t width);

/// How many bytes a second lately: an average in which what is older counts less and less. The
/// first note is where it begins.
class RateMeter {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    void note(std::uint64_t bytes_in_all, TimePoint now);
    [[nodiscard]] std::uint64_t rate() const { return static_cast<std::uint64_t>(rate_); }

  private:
    TimePoint began_{};
    std::optional<TimePoint> last_time_;
    std::uint64_t last_bytes_ = 0;
    double rate_ = 0;
};

}  // namespace snapferry
