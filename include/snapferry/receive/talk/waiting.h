#pragma once

#include <chrono>
#include <string>

#include "snapferry/core/log/log.h"

namespace snapferry::receive {

/// Tells the sender that this side lives, while something else is waited for: it must not take that
/// for silence. Of six lines, five are for those who want to hear everything.
class Waiting {
  public:
    /// How often tell() is to be called; a sender has twice this patience at least.
    static constexpr std::chrono::seconds interval{5};

    Waiting(Log& log, std::string what) : log_(log), what_(std::move(what)) {}

    void tell() {
        constexpr unsigned heard = 6;
        const auto since =
            std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - begin_);
        const auto severity = ++told_ % heard == 0 ? Severity::info : Severity::debug;
        log_.write(severity, fmt::format("waiting for {} ({} s)", what_, since.count()));
    }

  private:
    Log& log_;
    std::string what_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    unsigned told_ = 0;
};

}  // namespace snapferry::receive
