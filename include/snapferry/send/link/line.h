#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/report/log.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/stream/bandwidth_limit.h"
#include "snapferry/sys/ssh/session.h"

namespace snapferry::send {

/// The receiver's own limit; nothing where it has none.
std::shared_ptr<BandwidthLimit> limit_of(const Receiver& receiver);

/// The connection to a receiver: made when it is needed, kept for the next job to the same one. One
/// thread at a time.
class Line {
  public:
    /// `limit` may be shared with other lines to the same machine; nothing: none.
    Line(Receiver receiver, std::shared_ptr<BandwidthLimit> limit);

    [[nodiscard]] const Receiver& receiver() const { return receiver_; }

    /// Connects where there is no connection. Throws Failure as ssh::Session does.
    ssh::Session& session(Log& log);

    /// The next session() is a new one.
    void hang_up() { session_.reset(); }

    /// Hangs up, and says so, where another cipher is quicker with a receiver of such a processor:
    /// the next session() has it.
    bool change_cipher_for(std::optional<bool> fast_aes_there);

    /// Warns, unless it has said just this before: what is wrong with the receiver's login is so
    /// for every command.
    void warn_once(Log& log, const std::string& warning);

    /// Writes to a channel of the session, within the limit.
    std::size_t write(ssh::Channel& channel, std::span<const std::byte> bytes);

  private:
    Receiver receiver_;
    std::shared_ptr<BandwidthLimit> limit_;
    Cipher offered_;
    std::optional<ssh::Session> session_;
    std::string warned_of_;
};

}  // namespace snapferry::send
