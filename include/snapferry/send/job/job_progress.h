#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace snapferry::send {

/// Where a run is. Written by the thread that runs the job, looked at by others. Thread-safe.
class JobProgress {
  public:
    using Clock = std::chrono::steady_clock;

    enum class Phase {
        connecting,  ///< or looking what there is
        comparing,   ///< reading again what the receiver has of an interrupted stream
        sending,
        finishing,  ///< all is sent: the receiver syncs and prunes
        resuming,   ///< finding where an interrupted stream stopped, without reading it again
    };

    struct View {
        Phase phase = Phase::connecting;
        bool connected = false;    ///< to the receiver, and it is this job's turn
        std::string snapshot;      ///< that is being sent; empty before that is known
        std::uint64_t begin = 0;   ///< offset in the stream where this connection began
        std::uint64_t offset = 0;  ///< in the stream: what has been read of it
        std::optional<std::uint64_t> estimate{};  ///< what the whole stream may come to
        std::uint64_t wire_bytes = 0;             ///< of this stream, on the line
        std::size_t place = 1;                    ///< of the snapshot, among those of this run
        std::size_t series = 1;                   ///< snapshots that this run sends
        Clock::time_point phase_began;            ///< when this phase was entered
        Clock::time_point last_sign;              ///< when anything of this was last written
    };

    JobProgress() { enter(Phase::connecting); }

    [[nodiscard]] View view() const {
        const std::lock_guard looking(mutex_);
        return view_;
    }

    void enter(Phase phase) {
        const std::lock_guard writing(mutex_);
        view_.phase = phase;
        view_.phase_began = view_.last_sign = Clock::now();
    }

    /// A stream begins, or goes on, at `offset`.
    void begin_stream(const std::string& snapshot, std::uint64_t offset) {
        {
            const std::lock_guard writing(mutex_);
            view_.snapshot = snapshot;
            view_.begin = view_.offset = offset;
            view_.wire_bytes = 0;
            view_.estimate.reset();
        }
        enter(Phase::sending);
    }

    void move_to(std::uint64_t offset, std::uint64_t wire_bytes) {
        const std::lock_guard writing(mutex_);
        view_.offset = offset;
        view_.wire_bytes = wire_bytes;
        view_.last_sign = Clock::now();
    }

    void set_connected(bool connected) {
        const std::lock_guard writing(mutex_);
        view_.connected = connected;
    }

    void set_series(std::size_t place, std::size_t of) {
        const std::lock_guard writing(mutex_);
        view_.place = place;
        view_.series = of;
    }

    void set_estimate(std::uint64_t size) {
        const std::lock_guard writing(mutex_);
        view_.estimate = size;
    }

    /// Nothing has moved, and the run lives.
    void show_life() {
        const std::lock_guard writing(mutex_);
        view_.last_sign = Clock::now();
    }

  private:
    mutable std::mutex mutex_;
    View view_;
};

}  // namespace snapferry::send
