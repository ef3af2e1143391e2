#pragma once

#include <chrono>
#include <string>

namespace snapferry::ssh {

/// What a machine shows as its own before anybody logs in. Anybody may answer in its place: it is
/// worth what its fingerprint is compared with.
struct ShownHostKey {
    std::string line;         ///< "ssh-ed25519 AAAA..."
    std::string fingerprint;  ///< "SHA256:..."
};

/// Throws Failure (connection; host_key).
ShownHostKey ask_for_host_key(const std::string& host, unsigned port, std::chrono::seconds timeout);

}  // namespace snapferry::ssh
