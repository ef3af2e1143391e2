#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "snapferry/core/log/log.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/turns.h"
#include "snapferry/send/stream/bandwidth_limit.h"
#include "snapferry/sys/ssh/session.h"

namespace snapferry::send {

/// The connection to a receiver: made when it is needed, kept for the next job to the same one. One
/// thread at a time.
class Line {
  public:
    /// `limit` may be shared with other lines to the same machine; nothing: none. `turns`: what a
    /// connection that is in use counts as one of; nothing: there may be any number.
    Line(Receiver receiver, std::shared_ptr<BandwidthLimit> limit,
         std::shared_ptr<Turns> turns = nullptr);

    [[nodiscard]] const Receiver& receiver() const { return receiver_; }

    /// Connects where there is no connection, and waits for its turn then: who cannot connect keeps
    /// nobody waiting. Throws Failure as ssh::Session does.
    ssh::Session& session(Log& log);

    /// Since when nobody answers at the other end; nothing where it answered the last time, or
    /// was never called.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> unreachable_since() const {
        return unreachable_since_;
    }

    /// For a receiver on this machine, to which there is no session: waits for its turn as one
    /// that has connected.
    void take_place(Log& log);

    /// Shows a sign of life to whom show_in() named.
    void show_life();

    /// The next session() is a new one.
    void hang_up();

    /// From now on this one.
    void set_limit(std::shared_ptr<BandwidthLimit> limit) { limit_ = std::move(limit); }

    /// Whom to show signs of life while the other side is waited for, and that there is a
    /// connection; nothing: nobody any more.
    void show_in(JobProgress* progress);

    /// Hangs up, and says so, where another cipher is quicker with a receiver of such a processor:
    /// the next session() has it.
    bool change_cipher_for(std::optional<bool> fast_aes_there);

    /// Warns, unless it has said just this before: what is wrong with the receiver's login is so
    /// for every command.
    void warn_once(Log& log, const std::string& warning);

    /// Writes to a channel of the session, within the limit.
    std::size_t write(ssh::Channel& channel, std::span<const std::byte> bytes);

  private:
    void connect(Log& log);
    void take_turn(Log& log);
    void show_connected(bool is_connected);

    Receiver receiver_;
    std::shared_ptr<BandwidthLimit> limit_;
    std::shared_ptr<Turns> turns_;
    JobProgress* progress_ = nullptr;
    Cipher offered_;
    std::optional<ssh::Session> session_;
    std::unique_ptr<Turns::Turn> turn_;
    std::string warned_of_;
    std::optional<std::chrono::steady_clock::time_point> unreachable_since_;
};

}  // namespace snapferry::send
