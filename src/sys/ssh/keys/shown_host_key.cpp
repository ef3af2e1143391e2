#include "snapferry/sys/ssh/keys/shown_host_key.h"

#include <fmt/format.h>
#include <libssh/libssh.h>

#include <memory>
#include <type_traits>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/ssh/keys/key.h"
#include "snapferry/sys/ssh/lent_socket.h"
#include "snapferry/sys/ssh/tcp_connection.h"

namespace snapferry::ssh {
namespace {

struct SessionDeleter {
    void operator()(ssh_session session) const {
        ssh_silent_disconnect(session);
        ssh_free(session);
    }
};
using SessionHandle = std::unique_ptr<std::remove_pointer_t<ssh_session>, SessionDeleter>;

Failure cannot_connect(const std::string& host, unsigned port, ssh_session session) {
    return {ExitCode::connection,
            fmt::format("cannot start SSH with {} port {}: {}", escape_text(host), port,
                        escape_text(ssh_get_error(session))),
            "check that an SSH server listens at that port, and look into its log"};
}

}  // namespace

ShownHostKey ask_for_host_key(const std::string& host, unsigned port,
                              std::chrono::seconds timeout) {
    LentSocket socket(connect_tcp(host, port, timeout));  // outlives the session
    const SessionHandle session(ssh_new());
    if (session == nullptr) {
        throw Failure(ExitCode::internal, "cannot start libssh");
    }
    const bool read_configurations = false;
    const auto seconds = static_cast<long>(timeout.count());
    const socket_t descriptor = socket.descriptor();
    (void)ssh_options_set(session.get(), SSH_OPTIONS_PROCESS_CONFIG, &read_configurations);
    (void)ssh_options_set(session.get(), SSH_OPTIONS_HOST, host.c_str());
    (void)ssh_options_set(session.get(), SSH_OPTIONS_PORT, &port);
    (void)ssh_options_set(session.get(), SSH_OPTIONS_TIMEOUT, &seconds);
    (void)ssh_options_set(session.get(), SSH_OPTIONS_FD, &descriptor);
    if (ssh_connect(session.get()) != SSH_OK) {
        throw cannot_connect(host, port, session.get());
    }
    ssh_key raw = nullptr;
    if (ssh_get_server_publickey(session.get(), &raw) != SSH_OK) {
        throw Failure(ExitCode::host_key,
                      fmt::format("{} port {} showed no host key", escape_text(host), port));
    }
    const KeyHandle key(raw);
    return {fmt::format("{} {}", type_name(key), base64_text(key)), fingerprint(key)};
}

}  // namespace snapferry::ssh
