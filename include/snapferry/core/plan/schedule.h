#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Hours of the day in which runs may begin, by local time: "01:00-07:00", also across midnight.
class QuietWindow {
  public:
    /// Nothing where the text is none, or both ends are the same.
    static std::optional<QuietWindow> parse(std::string_view text);

    /// `local`: the time of day, as the clock on the wall shows it.
    [[nodiscard]] bool is_open(std::chrono::seconds local) const;

    /// How long until it is open; zero where it is.
    [[nodiscard]] std::chrono::seconds opens_in(std::chrono::seconds local) const;

    friend bool operator==(const QuietWindow&, const QuietWindow&) = default;

  private:
    QuietWindow(std::chrono::minutes from, std::chrono::minutes to) : from_(from), to_(to) {}
    std::chrono::minutes from_;
    std::chrono::minutes to_;
};

/// When the daemon runs a job.
struct Schedule {
    bool on_change = true;                        ///< when a new snapshot with the tag appears
    std::chrono::seconds settle{10};              ///< how long the directory must be quiet before
    std::optional<std::chrono::seconds> every{};  ///< and at the latest so long after the last run
    std::string calendar;                         ///< and at these times; systemd.time(7), or empty
    std::chrono::seconds jitter{0};               ///< `every` and `calendar` are late by up to this
    std::optional<QuietWindow> window{};          ///< when runs may begin; nothing: always

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

}  // namespace snapferry
