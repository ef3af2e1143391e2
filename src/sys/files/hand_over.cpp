#include "snapferry/sys/files/hand_over.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr int most_waiting = 16;

/// A whole word in one packet, or none.
UniqueFd make_socket(ExitCode code) {
    UniqueFd made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made) {
        throw system_failure(code, "make a socket");
    }
    return made;
}

sockaddr_un address_of(const std::filesystem::path& path, ExitCode code) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path) {
        throw system_failure(code, "name the socket " + path.native(), ENAMETOOLONG);
    }
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    return address;
}

/// Room for one descriptor beside a message; cmsg(3).
struct Ancillary {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

bool is_of_this_user(int connection) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.uid == ::geteuid();
}

UniqueFd descriptor_in(msghdr& message) {
    const auto* const found = CMSG_FIRSTHDR(&message);
    if (found == nullptr || found->cmsg_level != SOL_SOCKET || found->cmsg_type != SCM_RIGHTS ||
        found->cmsg_len != CMSG_LEN(sizeof(int))) {
        return {};
    }
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(found), sizeof descriptor);
    return UniqueFd(descriptor);
}

}  // namespace

HandOverPlace::HandOverPlace(std::filesystem::path path, ExitCode code)
    : path_(std::move(path)), code_(code), listener_(make_socket(code)) {
    const auto address = address_of(path_, code);
    (void)::unlink(path_.c_str());
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path_.c_str(), S_IRUSR | S_IWUSR) != 0 ||
        ::listen(listener_.get(), most_waiting) != 0) {
        throw system_failure(code, "listen at " + path_.native());
    }
}

HandOverPlace::~HandOverPlace() {
    (void)::unlink(path_.c_str());
}

std::optional<HandOverPlace::Handed> HandOverPlace::next() {
    for (;;) {
        UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection) {
            if (auto handed = hear(std::move(connection))) {
                return handed;
            }
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return std::nullopt;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            throw system_failure(code_, "hear who comes to " + path_.native());
        }
    }
}

/// Who connects has said its word by then, or says none.
std::optional<HandOverPlace::Handed> HandOverPlace::hear(UniqueFd connection) const {
    Handed handed;
    handed.word.resize(longest_word);
    iovec room{handed.word.data(), handed.word.size()};
    Ancillary beside;
    msghdr message{};
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    message.msg_control = beside.bytes.data();
    message.msg_controllen = beside.bytes.size();
    const auto size = ::recvmsg(connection.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size <= 0) {
        return std::nullopt;
    }
    handed.descriptor = descriptor_in(message);
    if (!handed.descriptor || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
        !is_of_this_user(connection.get())) {
        return std::nullopt;
    }
    handed.word.resize(static_cast<std::size_t>(size));
    handed.connection = std::move(connection);
    return handed;
}

UniqueFd hand_over(const std::filesystem::path& place, std::span<const std::byte> word,
                   int descriptor, ExitCode code) {
    auto connection = make_socket(code);
    const auto address = address_of(place, code);
    if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        throw system_failure(code, "reach " + place.native());
    }
    iovec said{const_cast<std::byte*>(word.data()), word.size()};  // NOLINT: it is only read
    Ancillary beside;
    msghdr message{};
    message.msg_iov = &said;
    message.msg_iovlen = 1;
    message.msg_control = beside.bytes.data();
    message.msg_controllen = beside.bytes.size();
    auto* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    if (::sendmsg(connection.get(), &message, MSG_NOSIGNAL) < 0) {
        throw system_failure(code, "hand a connection over at " + place.native());
    }
    return connection;
}

}  // namespace snapferry::sys
