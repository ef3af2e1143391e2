#pragma once

#include <algorithm>
#include <chrono>

namespace snapferry::wire {

/// How long one waits for what is due from the other side. Signs of life prolong the wait, but not
/// for ever: who only ever says that it lives may hang on a dead disk, or mean no good.
class Patience {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    /// `silence`: without any sign of life; `standstill`: without what is waited for.
    Patience(std::chrono::milliseconds silence, std::chrono::milliseconds standstill, Time now)
        : silence_(std::min<std::chrono::milliseconds>(silence, longest)),
          standstill_(std::min<std::chrono::milliseconds>(standstill, longest)) {
        moved(now);
    }

    void lives(Time now) { silent_at_ = now + silence_; }

    /// What is waited for came, or part of it.
    void moved(Time now) {
        lives(now);
        stands_still_at_ = now + standstill_;
    }

    [[nodiscard]] bool is_silent(Time now) const { return now >= silent_at_; }
    [[nodiscard]] bool stands_still(Time now) const { return now >= stands_still_at_; }

    /// Until it runs out; 0 where it has.
    [[nodiscard]] std::chrono::milliseconds left(Time now) const {
        return std::max(std::chrono::milliseconds{0},
                        std::chrono::ceil<std::chrono::milliseconds>(
                            std::min(silent_at_, stands_still_at_) - now));
    }

  private:
    static constexpr std::chrono::hours longest{24 * 365};  ///< no overflow when it is added
    Duration silence_;
    Duration standstill_;
    Time silent_at_;
    Time stands_still_at_;
};

/// How long a peer may say that it lives and come no further: its disk may sync what a slow disk
/// takes hours for, and no more.
inline constexpr std::chrono::hours longest_standstill{6};

}  // namespace snapferry::wire
