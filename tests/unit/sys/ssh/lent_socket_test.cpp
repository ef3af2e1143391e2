#include "snapferry/sys/ssh/lent_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <thread>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/sys/ssh/keys/key.h"
#include "snapferry/sys/ssh/session.h"
#include "temporary_directory.h"

using namespace snapferry;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;
using ssh::LentSocket;
using sys::UniqueFd;

namespace {

UniqueFd new_socket() {
    return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

bool is_open(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) >= 0;
}

std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// False under an emulator that does not know SO_COOKIE: nothing of this can work there.
bool can_tell_sockets_apart() {
    const auto socket = new_socket();
    std::uint64_t cookie = 0;
    socklen_t length = sizeof(cookie);
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0) {
        return true;
    }
    WARN("SKIPPED: sockets cannot be told apart here (SO_COOKIE)");
    return false;
}

void make_key(const std::filesystem::path& file) {
    ssh_key raw = nullptr;
    REQUIRE(ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &raw) == SSH_OK);
    const ssh::KeyHandle made(raw);
    REQUIRE(ssh_pki_export_privkey_file(made.get(), nullptr, nullptr, nullptr, file.c_str()) ==
            SSH_OK);
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

/// Listens, and hangs up on whoever connects, after what an SSH server says first.
class RudeServer {
  public:
    RudeServer() : listener_(new_socket()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const general = reinterpret_cast<sockaddr*>(&address);
        socklen_t length = sizeof(address);
        REQUIRE(::bind(listener_.get(), general, length) == 0);
        REQUIRE(::listen(listener_.get(), 8) == 0);
        REQUIRE(::getsockname(listener_.get(), general, &length) == 0);
        port = ntohs(address.sin_port);
        thread_ = std::jthread([this] {
            for (;;) {
                const UniqueFd one(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
                if (!one)
                    return;
                constexpr std::string_view banner = "SSH-2.0-rude\r\n";
                (void)::send(one.get(), banner.data(), banner.size(), MSG_NOSIGNAL);
            }
        });
    }
    ~RudeServer() { ::shutdown(listener_.get(), SHUT_RDWR); }
    RudeServer(const RudeServer&) = delete;
    RudeServer& operator=(const RudeServer&) = delete;

    unsigned port = 0;

  private:
    UniqueFd listener_;
    std::jthread thread_;
};

}  // namespace

TEST_CASE("a socket that its borrower leaves open is closed") {
    if (!can_tell_sockets_apart()) {
        return;
    }
    auto socket = new_socket();
    const int number = socket.get();
    { const LentSocket lent(std::move(socket)); }
    CHECK_FALSE(is_open(number));
}

TEST_CASE("a socket that its borrower closed is not closed again, whoever has its number now") {
    if (!can_tell_sockets_apart()) {
        return;
    }
    auto socket = new_socket();
    const int number = socket.get();
    UniqueFd others;
    SECTION("nobody") {
        const LentSocket lent(std::move(socket));
        ::close(number);
    }
    SECTION("a file") {
        const LentSocket lent(std::move(socket));
        ::close(number);
        others = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        REQUIRE(others.get() == number);
    }
    SECTION("another socket") {
        const LentSocket lent(std::move(socket));
        ::close(number);
        others = new_socket();
        REQUIRE(others.get() == number);
    }
    CHECK(is_open(number) == static_cast<bool>(others));
}

TEST_CASE("what is no socket is lent to nobody") {
    const auto failure = failure_of(
        [] { const LentSocket lent(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC))); });
    CHECK(failure.code() == ExitCode::internal);
}

TEST_CASE("connections that come to nothing leave no descriptor behind") {
    if (!can_tell_sockets_apart()) {
        return;
    }
    const TemporaryDirectory directory;
    const auto key = directory / "key";
    make_key(key);
    const RudeServer server;
    ssh::Destination destination;
    destination.host = "127.0.0.1";
    destination.port = server.port;
    destination.user = "nobody";
    destination.key_file = key;
    const auto try_to_connect = [&] {
        const auto failure = failure_of([&] { const ssh::Session session(destination); });
        CHECK(failure.code() == ExitCode::connection);
    };
    try_to_connect();  // what libssh opens once and keeps is no leak
    const auto before = open_descriptors();
    for (int round = 0; round < 5; ++round)
        try_to_connect();
    CHECK(open_descriptors() <= before + 1);  // the server may still hold its end of the last one
}
