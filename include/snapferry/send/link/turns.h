#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace snapferry::send {

/// How many lines may be in use at once. Who has a turn gives it back when it goes. Thread-safe.
class Turns {
  public:
    explicit Turns(std::size_t most) : most_(most) {}

    void set_most(std::size_t most) {
        const std::lock_guard changing(mutex_);
        most_ = most;
        bell_.notify_all();
    }

    class Turn {
      public:
        explicit Turn(std::shared_ptr<Turns> turns) : turns_(std::move(turns)) {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() {
            if (turns_) {
                turns_->give_back();
            }
        }

      private:
        std::shared_ptr<Turns> turns_;
    };

    /// Nothing where all are taken, or others wait for the next one.
    static std::optional<Turn> try_take(const std::shared_ptr<Turns>& turns) {
        const std::lock_guard taking(turns->mutex_);
        if (turns->taken_ >= turns->most_ || turns->next_ != turns->served_) {
            return std::nullopt;
        }
        ++turns->taken_;
        return std::optional<Turn>(std::in_place, turns);
    }

    /// Waits for one; who was first gets it first.
    static Turn wait(const std::shared_ptr<Turns>& turns) {
        std::unique_lock waiting(turns->mutex_);
        const auto number = turns->next_++;
        turns->bell_.wait(waiting,
                          [&] { return turns->served_ == number && turns->taken_ < turns->most_; });
        ++turns->served_;
        ++turns->taken_;
        turns->bell_.notify_all();  // there may be another one for who is next
        return Turn(turns);
    }

  private:
    void give_back() {
        const std::lock_guard giving(mutex_);
        --taken_;
        bell_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable bell_;
    std::size_t most_;
    std::size_t taken_ = 0;
    std::size_t next_ = 0;    ///< the number that who comes next draws
    std::size_t served_ = 0;  ///< who has drawn a lower one has had a turn
};

}  // namespace snapferry::send
