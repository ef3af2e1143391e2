#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "snapferry/sys/ssh/channel.h"

namespace snapferry::ssh {

class Connection;

struct Destination {
    std::string host;  ///< a name or an address; IPv6 without brackets
    unsigned port = 22;
    std::string user;
    std::filesystem::path key_file;
    /// Nothing: root's own ~/.ssh/known_hosts and the system's /etc/ssh/ssh_known_hosts.
    std::optional<std::filesystem::path> known_hosts_file;
    /// A list for SSH_OPTIONS_CIPHERS_*, best first; empty: libssh's own order.
    std::string ciphers;
    std::chrono::seconds connect_timeout{30};
    std::chrono::seconds stall_timeout{120};  ///< how long a read or write may make no progress

    friend bool operator==(const Destination&, const Destination&) = default;
};

/// An authenticated connection. It raises no SIGPIPE (libssh sends with MSG_NOSIGNAL). The user's
/// and the system's ssh configurations are not read; the host key must be known and right; the only
/// login tried is the one key. One thread at a time.
class Session {
  public:
    /// Connects, checks the host key and logs in. Throws Failure: configuration (the key file is
    /// missing, unreadable, encrypted or readable by others), connection, host_key (unknown or
    /// changed, with the fingerprint and the command that mends it), authentication.
    explicit Session(const Destination& destination);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Starts `command` at the other end, without a terminal. Several may run at once.
    Channel run(const std::string& command);

    /// `sign` is called every few seconds while somebody waits for the other side, by whoever
    /// waits: such a wait has its own end. Nothing: nobody wants to know.
    void set_sign_of_life(std::function<void()> sign);

    /// The cipher in use towards the receiver, for the log.
    [[nodiscard]] std::string cipher() const;

  private:
    std::shared_ptr<Connection> connection_;
};

}  // namespace snapferry::ssh
