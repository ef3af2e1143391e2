#include "snapferry/sys/ssh/tcp_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::ssh {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Seconds. A receiver that lost its power while nothing was being sent is noticed after
// idle + interval * probes; libssh's own keep-alive options do nothing.
constexpr int keepalive_idle = 30;
constexpr int keepalive_interval = 10;
constexpr int keepalive_probes = 6;

struct AddressListDeleter {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

[[noreturn]] void fail(const std::string& host, unsigned port, const std::string& why,
                       const std::string& hint) {
    throw Failure(ExitCode::connection,
                  fmt::format("cannot connect to {} port {}: {}", escape_text(host), port, why),
                  hint);
}

std::string resolve_error_words(int error) {
    switch (error) {
        case EAI_NONAME:
#ifdef EAI_NODATA
        case EAI_NODATA:
#endif
            return "name not found";
        case EAI_AGAIN:
            return "no name server answered";
        case EAI_SYSTEM:
            return sys::error_text(errno);
        default:
            return ::gai_strerror(error);
    }
}

AddressList resolve(const std::string& host, unsigned port) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (error != 0) {
        fail(host, port, resolve_error_words(error),
             "check the receiver's name, and that this machine can resolve it");
    }
    return AddressList(found);
}

std::string connect_error_words(int error, milliseconds timeout) {
    switch (error) {
        case ECONNREFUSED:
            return "connection refused";
        case EHOSTUNREACH:
            return "no route to the host";
        case ENETUNREACH:
            return "the network is unreachable";
        case ETIMEDOUT:
            return fmt::format("no answer within {} s",
                               std::chrono::ceil<std::chrono::seconds>(timeout).count());
        default:
            return sys::error_text(error);
    }
}

std::string connect_hint(int error) {
    return error == ECONNREFUSED
               ? "check that sshd runs at the receiver, and that the port is right"
               : "check that the receiver is up and its address is right";
}

int wait_until_connected(int socket, milliseconds timeout) {
    if (!sys::wait_writable(socket, timeout)) {
        return ETIMEDOUT;
    }
    int error = 0;
    socklen_t length = sizeof(error);
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void set_option(int socket, int level, int option, int value) {
    // What cannot be set costs speed or a later notice, never correctness.
    (void)::setsockopt(socket, level, option, &value, sizeof(value));
}

void tune(int socket) {
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle);
    set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval);
    set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, keepalive_probes);
}

/// 0 and a connected socket, or the errno.
int try_address(const addrinfo& address, milliseconds timeout, sys::UniqueFd& connected) {
    sys::UniqueFd socket(
        ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) {
        return errno;
    }
    int error = 0;
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
        error = errno == EINPROGRESS ? wait_until_connected(socket.get(), timeout) : errno;
    }
    if (error == 0) {
        tune(socket.get());
        connected = std::move(socket);
    }
    return error;
}

}  // namespace

sys::UniqueFd connect_tcp(const std::string& host, unsigned port, milliseconds timeout) {
    const AddressList list = resolve(host, port);
    std::vector<const addrinfo*> addresses;
    for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
        addresses.push_back(each);
    }
    const auto deadline = steady_clock::now() + timeout;
    int error = EHOSTUNREACH;
    for (std::size_t tried = 0; tried < addresses.size(); ++tried) {
        // An address that swallows packets must not use up the time of those after it.
        const auto share = (deadline - steady_clock::now()) / (addresses.size() - tried);
        sys::UniqueFd socket;
        error = try_address(*addresses[tried], std::chrono::ceil<milliseconds>(share), socket);
        if (error == 0) {
            return socket;
        }
    }
    fail(host, port, connect_error_words(error, timeout), connect_hint(error));
}

}  // namespace snapferry::ssh
