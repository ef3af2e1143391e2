#include "snapferry/sys/ssh/session.h"

#include <utility>

#include "channel_implementation.h"
#include "snapferry/sys/ssh/connection.h"

namespace snapferry::ssh {

Session::Session(const Destination& destination)
    : connection_(std::make_shared<Connection>(destination)) {}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Channel Session::run(const std::string& command) {
    auto implementation = std::make_unique<Channel::Implementation>(connection_);
    implementation->start(command);
    return Channel(std::move(implementation));
}

void Session::set_sign_of_life(std::function<void()> sign) {
    connection_->set_sign_of_life(std::move(sign));
}

std::string Session::cipher() const {
    const char* name = ssh_get_cipher_out(connection_->session());
    return name == nullptr ? "none" : name;
}

}  // namespace snapferry::ssh
