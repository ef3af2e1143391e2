#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/daemon/crew.h"
#include "snapferry/send/daemon/roster.h"
#include "snapferry/send/daemon/rotation_desk.h"
#include "snapferry/sys/files/directory_watch.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::send {

/// Runs jobs by itself: when a snapshot appears, at times, and again after failures. A service of
/// systemd's Type=notify. To be made before any thread: it takes the signals.
class Daemon {
  public:
    using LoadConfig = std::function<SendConfig()>;

    /// Told of a job whose newest backup is too old; no age where it is from the future. It may not
    /// wait for anything.
    using WhenStale = std::function<void(const Job&, std::optional<std::chrono::seconds> age)>;

    /// Told of each rotation of snapshots. It may not wait for anything.
    using WhenRotated = RotationDesk::WhenDone;

    /// Called at least every half minute. It may not wait for anything.
    using Tend = std::function<void(const SendConfig&, BootTime now)>;

    struct Callbacks {
        WhenStale when_stale;
        WhenRotated when_rotated;
        Tend tend;
        Roster::AgeOf age_of;
    };

    /// `load` is called now, and on SIGHUP, unless that was ignored at the start, as under
    /// nohup(1): then a configuration that cannot be used is told of, and the old one stays.
    Daemon(LoadConfig load, Listeners listeners, Callbacks callbacks, Log& log);

    /// Until SIGTERM or SIGINT. Then whatever runs is cut off at a place from which the next run
    /// goes on: the program has to end, without waiting for anybody.
    void run();

  private:
    void start_what_is_due();
    void look_for_changes(const Moment& now);
    void wait();
    void take_signals();
    void reload();
    void note_what_ended();
    void tell_what_is_stale();
    void tell_systemd();
    [[nodiscard]] bool shows_life() const;
    [[nodiscard]] std::chrono::milliseconds patience(const Moment& now);

    LoadConfig load_;
    Callbacks callbacks_;
    Log& log_;
    sys::UniqueFd signals_;
    SendConfig config_;
    Roster roster_;
    sys::DirectoryWatch watch_;
    Crew crew_;
    RotationDesk rotations_;
    bool stopping_ = false;
    BootTime next_changes_{};      ///< when to look into what the watch has seen
    std::optional<BootTime> fed_;  ///< when the watchdog last was
    std::string told_;             ///< the status that systemd has
};

}  // namespace snapferry::send
