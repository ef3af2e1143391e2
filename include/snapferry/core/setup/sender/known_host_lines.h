#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The host keys of a receiver in a known_hosts file; sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
namespace snapferry::setup {

/// As known_hosts calls a machine: "pi.lan", "[pi.lan]:2222".
std::string known_host_name(std::string_view host, unsigned port);

/// What the file has of a machine's keys.
struct KnownHostLook {
    std::vector<std::string> missing;  ///< lines to be added; empty where all is there
    std::string other_type;    ///< of this type another key is there, for this machine; or empty
    std::string revoked_type;  ///< this key was taken back; or empty
};

/// `keys`: "ssh-ed25519 AAAA...". Names that are hashed in the file are not seen.
KnownHostLook look_for_host_keys(std::string_view known_hosts, std::string_view name,
                                 std::span<const std::string> keys);

/// With these lines at its end.
std::string with_host_lines(std::string_view known_hosts, std::span<const std::string> lines);

/// Without the lines that are for this name alone.
std::string without_host(std::string_view known_hosts, std::string_view name);

}  // namespace snapferry::setup
