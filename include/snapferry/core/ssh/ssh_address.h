#pragma once

#include <string>
#include <string_view>

namespace snapferry {

/// Where to log in. Made by parse_ssh_address() only from text that no program mistakes for an
/// option.
struct SshAddress {
    std::string user;
    std::string host;  ///< a name or an address; IPv6 without brackets
    unsigned port = 22;

    bool operator==(const SshAddress&) const = default;
};

/// Reads "user@host[:port]", an IPv6 address in brackets: "backups@[fe80::1%eth0]:2222". The user
/// is required and the port is 1 to 65535. Throws Failure (configuration) with an example as the
/// hint.
SshAddress parse_ssh_address(std::string_view text);

}  // namespace snapferry
