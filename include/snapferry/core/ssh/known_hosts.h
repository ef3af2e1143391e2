#pragma once

#include <string_view>

namespace snapferry {

/// True where a `@revoked` line of a known_hosts file (sshd(8)) names this public key (its base64
/// text), for whichever host: a key that somebody took back is taken back everywhere. libssh passes
/// such lines over.
bool is_revoked(std::string_view known_hosts, std::string_view key_base64);

}  // namespace snapferry
