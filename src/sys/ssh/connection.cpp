#include "snapferry/sys/ssh/connection.h"

#include <fmt/format.h>
#include <libssh/server.h>  // ssh_send_keepalive() is a client's function, too

#include <algorithm>
#include <limits>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/patience.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/ssh/keys/host_key.h"
#include "snapferry/sys/ssh/keys/key_refused.h"
#include "snapferry/sys/ssh/keys/private_key.h"
#include "snapferry/sys/ssh/session.h"
#include "snapferry/sys/ssh/tcp_connection.h"

namespace snapferry::ssh {
namespace {

using std::chrono::steady_clock;

/// libssh expands % in paths.
std::string path_option(const std::filesystem::path& path) {
    std::string escaped;
    std::error_code error;  // where it cannot be told, the path is as good
    const auto absolute = std::filesystem::absolute(path, error);
    for (const char character : error ? path.native() : absolute.native()) {
        escaped.append(character == '%' ? 2 : 1, character);
    }
    return escaped;
}

std::string error_of(ssh_session session) {
    return escape_text(ssh_get_error(session));
}

void set_option(ssh_session session, ssh_options_e option, const void* value,
                const std::string& meaning) {
    if (ssh_options_set(session, option, value) != SSH_OK) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("cannot use {} for SSH: {}", escape_text(meaning), error_of(session)));
    }
}

void set_option(ssh_session session, ssh_options_e option, const std::string& value,
                const std::string& name) {
    set_option(session, option, value.c_str(), fmt::format("{} {}", name, value));
}

}  // namespace

void Connection::SessionDeleter::operator()(ssh_session session) const {
    ssh_silent_disconnect(session);  // the other one may wait for somebody to take its farewell
    ssh_free(session);
}

Connection::Connection(const Destination& destination)
    : peer_(fmt::format("{} port {}", escape_text(destination.host), destination.port)),
      stall_timeout_(destination.stall_timeout),
      question_(destination.stall_timeout, steady_clock::now()),
      session_(ssh_new()) {
    if (session_ == nullptr) {
        throw Failure(ExitCode::internal, "cannot start libssh");
    }
    const KeyHandle key = load_private_key(destination.key_file);
    set_options(destination);
    connect(destination);
    check_host_key(session(), destination.host, destination.port, destination.known_hosts_file);
    log_in(destination, key);
    stop_blocking();
}

Connection::~Connection() = default;

void Connection::set_options(const Destination& destination) {
    const bool read_configurations = false;
    set_option(session(), SSH_OPTIONS_PROCESS_CONFIG, &read_configurations, "no configuration");
    set_option(session(), SSH_OPTIONS_HOST, destination.host, "the host");
    set_option(session(), SSH_OPTIONS_PORT, &destination.port, "the port");
    set_option(session(), SSH_OPTIONS_USER, destination.user, "the user");
    const auto timeout = static_cast<long>(std::min<std::chrono::seconds::rep>(
        destination.connect_timeout.count(), std::numeric_limits<long>::max()));
    set_option(session(), SSH_OPTIONS_TIMEOUT, &timeout, "the time-out");
    if (destination.known_hosts_file) {
        set_option(session(), SSH_OPTIONS_KNOWNHOSTS, path_option(*destination.known_hosts_file),
                   "known_hosts file");
        set_option(session(), SSH_OPTIONS_GLOBAL_KNOWNHOSTS, std::string("/dev/null"),
                   "known_hosts file");
    }
    if (!destination.ciphers.empty()) {
        set_option(session(), SSH_OPTIONS_CIPHERS_C_S, destination.ciphers, "the ciphers");
        set_option(session(), SSH_OPTIONS_CIPHERS_S_C, destination.ciphers, "the ciphers");
    }
}

void Connection::connect(const Destination& destination) {
    socket_.emplace(connect_tcp(destination.host, destination.port, destination.connect_timeout));
    const socket_t descriptor = socket_->descriptor();
    set_option(session(), SSH_OPTIONS_FD, &descriptor, "the socket");
    if (ssh_connect(session()) != SSH_OK) {
        throw Failure(ExitCode::connection,
                      fmt::format("cannot start SSH with {}: {}", peer_, error_of(session())),
                      "check that an SSH server listens at that port, and look into its log");
    }
}

void Connection::log_in(const Destination& destination, const KeyHandle& key) {
    const int result = ssh_userauth_publickey(session(), nullptr, key.get());
    if (result == SSH_AUTH_SUCCESS) {
        return;
    }
    if (result == SSH_AUTH_AGAIN || ssh_is_connected(session()) == 0) {
        throw Failure(ExitCode::connection,
                      fmt::format("the connection to {} ended during the login: {}", peer_,
                                  result == SSH_AUTH_AGAIN ? "time-out" : error_of(session())),
                      "look into the log of sshd at the receiver");
    }
    const std::string key_file = escape_text(destination.key_file.native());
    const std::string user = escape_text(destination.user);
    if (result == SSH_AUTH_PARTIAL) {
        throw Failure(
            ExitCode::authentication,
            fmt::format("{} wants more than the key {} from user {}", peer_, key_file, user),
            "let AuthenticationMethods of sshd at the receiver be publickey for this user");
    }
    throw KeyRefused(fmt::format("{} refused the key {} for user {}", peer_, key_file, user),
                     fmt::format("{} {}", type_name(key), base64_text(key)));
}

void Connection::stop_blocking() {
    ssh_set_blocking(session(), 0);
    // Of its own accord libssh leaves the socket blocking, and a send() to a stopped receiver would
    // wait for ever whatever the session's mode.
    sys::stop_blocking(ssh_get_fd(session()));
    ssh_set_counters(session(), &traffic_, nullptr);
    event_.reset(ssh_event_new());
    if (event_ == nullptr || ssh_event_add_session(event_.get(), session()) != SSH_OK) {
        throw Failure(ExitCode::internal, "cannot poll the SSH session");
    }
}

void Connection::pump(std::chrono::milliseconds wait) {
    constexpr std::chrono::milliseconds between_signs{2000};
    const auto result =
        ssh_event_dopoll(event_.get(), sys::poll_timeout(std::min(wait, between_signs)));
    if (result == SSH_ERROR || has_broken()) {
        throw broken();
    }
    require_life();
    if (sign_of_life_) {
        sign_of_life_();
    }
}

void Connection::require_life() {
    switch (question_.next(traffic_.in_bytes, steady_clock::now())) {
        case wire::LifeQuestion::Step::nothing:
            return;
        case wire::LifeQuestion::Step::ask:
            ask_for_life();
            return;
        case wire::LifeQuestion::Step::give_up:
            throw stalled();
    }
}

/// Where the one before was answered, libssh only takes note of that when it is called again, and
/// sends nothing.
void Connection::ask_for_life() {
    const auto sent_before = traffic_.out_bytes;
    for (int call = 0; call < 2 && traffic_.out_bytes == sent_before && !has_unsent(); ++call) {
        if (ssh_send_keepalive(session()) != SSH_OK) {
            throw broken();
        }
    }
}

bool Connection::has_broken() const {
    return (ssh_get_status(session()) & SSH_CLOSED_ERROR) != 0;
}

bool Connection::has_unsent() const {
    return (ssh_get_status(session()) & SSH_WRITE_PENDING) != 0;
}

void Connection::send_everything() {
    StallClock stall(stall_timeout_);
    while (has_unsent()) {
        const std::uint64_t sent_before = traffic_.out_bytes;
        pump(stall.left());
        if (traffic_.out_bytes != sent_before) {
            stall.moved();
        } else if (stall.run_out()) {
            throw stalled();
        }
    }
}

Failure Connection::broken() const {
    return {ExitCode::connection,
            fmt::format("the connection to {} broke: {}", peer_, error_of(session()))};
}

Failure Connection::refused(const std::string& what) const {
    if (has_broken()) {
        return broken();
    }
    return {ExitCode::authentication,
            fmt::format("{} refused {}: {}", peer_, what, error_of(session())),
            "look into the log of sshd at the receiver"};
}

Failure Connection::stalled() const {
    return {ExitCode::protocol,
            fmt::format("nothing moved on the connection to {} for {} s", peer_,
                        std::chrono::ceil<std::chrono::seconds>(stall_timeout_).count()),
            "check that the receiver is alive and its disk answers"};
}

Failure Connection::takes_nothing() const {
    return {ExitCode::protocol,
            fmt::format("the receiver at {} lives, and has taken nothing for {} h", peer_,
                        wire::longest_standstill.count()),
            "see whether its disk answers: sudo dmesg, and snapferry check, there"};
}

}  // namespace snapferry::ssh
