#include "snapferry/sys/ssh/channel.h"

#include <utility>

#include "channel_implementation.h"

namespace snapferry::ssh {

Channel::Channel(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

Channel::~Channel() = default;
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;

std::size_t Channel::write(std::span<const std::byte> bytes) {
    return implementation_->write(bytes);
}

void Channel::finish_writing() {
    implementation_->finish_writing();
}

std::size_t Channel::read(std::span<std::byte> into, std::chrono::milliseconds wait) {
    return implementation_->read(into, wait);
}

bool Channel::ended() const {
    return implementation_->ended();
}

std::string Channel::take_error_output() {
    return std::exchange(implementation_->error_output, {});
}

std::optional<int> Channel::exit_status(std::chrono::milliseconds wait) {
    return implementation_->exit_status(wait);
}

int Channel::descriptor() const {
    return ssh_get_fd(implementation_->connection->session());
}

}  // namespace snapferry::ssh
