#pragma once

#include <string>
#include <string_view>

namespace snapferry {

/// What `ssh -G` says of how a person's own client reaches a machine; ssh(1), ssh_config(5).
struct ClientSettings {
    std::string host;  ///< a name or an address, whatever the person calls it
    unsigned port = 22;
    bool goes_through_another = false;  ///< a jump host or a proxy: perhaps no way but that
};

/// Throws Failure (configuration) where the text names no machine.
ClientSettings parse_client_settings(std::string_view text);

}  // namespace snapferry
