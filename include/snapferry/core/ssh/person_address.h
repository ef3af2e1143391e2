#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Where a person logs in with the OpenSSH client, whose configuration may know the rest: a user,
/// the port, what host a name stands for. Made by parse_person_address() only from text that ssh
/// does not take for an option.
struct PersonAddress {
    std::string destination;  ///< "pi@pi.lan", "pi"; IPv6 without brackets
    std::string host;         ///< of it, for messages
    std::optional<unsigned> port;

    bool operator==(const PersonAddress&) const = default;
};

/// Reads "[user@]host[:port]", an IPv6 address in brackets. Throws Failure (configuration).
PersonAddress parse_person_address(std::string_view text);

}  // namespace snapferry
