#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace snapferry::wire {

/// When to ask a silent other side whether it is there, and when to give it up: a line may die
/// without a word, and who has nothing to send would never notice. Only silence that was asked into
/// counts; whoever was asleep himself, and did not listen, asks anew.
class LifeQuestion {
  public:
    using Time = std::chrono::steady_clock::time_point;

    enum class Step { nothing, ask, give_up };

    /// `patience`: how long one waits for an answer.
    LifeQuestion(std::chrono::milliseconds patience, Time now)
        : patience_(std::min<std::chrono::milliseconds>(patience, std::chrono::hours{24})),
          quiet_since_(now) {}

    /// After one has listened: `heard` is how many bytes have come in all.
    Step next(std::uint64_t heard, Time now) {
        if (heard != heard_) {
            heard_ = heard;
            quiet_since_ = now;
            asked_.reset();
        }
        if (asked_ && now - *asked_ >= patience_) {
            return Step::give_up;
        }
        if (!asked_ && now - quiet_since_ >= std::min(longest_quiet, patience_ / 3)) {
            asked_ = now;
            return Step::ask;
        }
        return Step::nothing;
    }

  private:
    static constexpr std::chrono::milliseconds longest_quiet{15'000};
    std::chrono::milliseconds patience_;
    std::uint64_t heard_ = 0;
    Time quiet_since_;
    std::optional<Time> asked_;
};

}  // namespace snapferry::wire
