#include "snapferry/sys/ssh/lent_socket.h"

#include <sys/socket.h>

#include <optional>
#include <utility>

#include "snapferry/sys/system_failure.h"

namespace snapferry::ssh {
namespace {

/// Nothing where that is no open socket. (SO_COOKIE, Linux 4.12: unlike an inode's number it is
/// never used again.)
std::optional<std::uint64_t> cookie_of(int descriptor) {
    std::uint64_t cookie = 0;
    socklen_t length = sizeof(cookie);
    const bool known = ::getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0;
    return known ? std::optional(cookie) : std::nullopt;
}

std::uint64_t known_cookie_of(int descriptor) {
    const auto cookie = cookie_of(descriptor);
    if (!cookie) {
        throw sys::system_failure(ExitCode::internal, "tell one socket from another");
    }
    return *cookie;
}

}  // namespace

LentSocket::LentSocket(sys::UniqueFd socket)
    : socket_(std::move(socket)), cookie_(known_cookie_of(socket_.get())) {}

LentSocket::~LentSocket() {
    if (cookie_of(socket_.get()) != cookie_) {
        socket_.release();  // it was closed, and the number may be somebody else's by now
    }
}

}  // namespace snapferry::ssh
