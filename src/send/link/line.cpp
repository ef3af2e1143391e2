#include "snapferry/send/link/line.h"

#include <utility>

#include "snapferry/sys/machine/processor.h"

namespace snapferry::send {

Line::Line(Receiver receiver, std::shared_ptr<BandwidthLimit> limit, std::shared_ptr<Turns> turns)
    : receiver_(std::move(receiver)),
      limit_(std::move(limit)),
      turns_(std::move(turns)),
      offered_(choose_cipher(receiver_.cipher, sys::has_fast_aes(), {})) {}

ssh::Session& Line::session(Log& log) {
    if (!session_) {
        connect(log);
        if (turns_) {
            take_turn(log);
        }
        show_connected(true);
    }
    return *session_;
}

void Line::connect(Log& log) {
    auto destination = receiver_.destination;
    destination.ciphers = cipher_list(offered_);
    const auto called = std::chrono::steady_clock::now();
    try {
        session_.emplace(destination);
    } catch (...) {
        unreachable_since_ = unreachable_since_.value_or(called);
        throw;
    }
    unreachable_since_.reset();
    if (progress_ != nullptr) {
        session_->set_sign_of_life([progress = progress_] { progress->show_life(); });
    }
    log.debug("connected to {} as {}, cipher {}", destination.host, destination.user,
              session_->cipher());
}

/// A connection that lies idle for hours may be gone by then: it is made anew.
void Line::take_turn(Log& log) {
    if (auto turn = Turns::try_take(turns_)) {
        turn_ = std::make_unique<Turns::Turn>(std::move(*turn));
        return;
    }
    session_.reset();
    log.info("{} answers; waiting until one of the jobs that are being sent has ended",
             receiver_.destination.host);
    turn_ = std::make_unique<Turns::Turn>(Turns::wait(turns_));
    try {
        connect(log);
    } catch (...) {
        turn_.reset();
        throw;
    }
}

void Line::take_place(Log& log) {
    if (turns_ && !turn_) {
        auto turn = Turns::try_take(turns_);
        if (!turn) {
            log.info("waiting until one of the jobs that are being sent has ended");
        }
        turn_ = std::make_unique<Turns::Turn>(turn ? std::move(*turn) : Turns::wait(turns_));
    }
    show_connected(true);
}

void Line::show_life() {
    if (progress_ != nullptr) {
        progress_->show_life();
    }
}

void Line::hang_up() {
    session_.reset();
    turn_.reset();
    show_connected(false);
}

void Line::show_in(JobProgress* progress) {
    show_connected(false);
    progress_ = progress;
    if (session_) {
        session_->set_sign_of_life(progress == nullptr ? std::function<void()>{}
                                                       : [progress] { progress->show_life(); });
        show_connected(true);
    }
}

void Line::show_connected(bool is_connected) {
    if (progress_ != nullptr) {
        progress_->set_connected(is_connected);
    }
}

bool Line::change_cipher_for(std::optional<bool> fast_aes_there) {
    const auto better = choose_cipher(receiver_.cipher, sys::has_fast_aes(), fast_aes_there);
    if (receiver_.is_local() || better == offered_) {
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
