#include "snapferry/send/link/line.h"

#include <utility>

#include "snapferry/sys/machine/processor.h"

namespace snapferry::send {

std::shared_ptr<BandwidthLimit> limit_of(const Receiver& receiver) {
    const auto& rate = receiver.bandwidth_limit;
    return rate ? std::make_shared<BandwidthLimit>(*rate) : nullptr;
}

Line::Line(Receiver receiver, std::shared_ptr<BandwidthLimit> limit)
    : receiver_(std::move(receiver)),
      limit_(std::move(limit)),
      offered_(choose_cipher(receiver_.cipher, sys::has_fast_aes(), {})) {}

ssh::Session& Line::session(Log& log) {
    if (!session_) {
        auto destination = receiver_.destination;
        destination.ciphers = cipher_list(offered_);
        session_.emplace(destination);
        log.debug("connected to {} as {}, cipher {}", destination.host, destination.user,
                  session_->cipher());
    }
    return *session_;
}

bool Line::change_cipher_for(std::optional<bool> fast_aes_there) {
    const auto better = choose_cipher(receiver_.cipher, sys::has_fast_aes(), fast_aes_there);
    if (better == offered_) {
        return false;
    }
    offered_ = better;
    hang_up();
    return true;
}

void Line::warn_once(Log& log, const std::string& warning) {
    if (warned_of_ != warning) {
        warned_of_ = warning;
        log.warning("{}", warning);
    }
}

std::size_t Line::write(ssh::Channel& channel, std::span<const std::byte> bytes) {
    return limit_ ? limit_->write(channel, bytes) : channel.write(bytes);
}

}  // namespace snapferry::send
