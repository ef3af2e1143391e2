#pragma once

#include <libssh/libssh.h>

#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/core/failure.h"

namespace snapferry::ssh {

/// The key a receiver showed, and where it was looked for.
struct OfferedHostKey {
    std::string host;
    unsigned port = 22;
    std::string type;                                       ///< "ssh-ed25519"
    std::string fingerprint;                                ///< "SHA256:..."
    std::optional<std::filesystem::path> known_hosts_file;  ///< nothing: root's own
};

/// Each is exit code host_key, with the commands that check and mend it as the hint.
Failure unknown_host_key(const OfferedHostKey& offered);
Failure known_hosts_missing(const OfferedHostKey& offered);
Failure changed_host_key(const OfferedHostKey& offered);
Failure other_host_key_type(const OfferedHostKey& offered);
Failure revoked_host_key(const OfferedHostKey& offered);

/// Throws one of the above unless known_hosts holds exactly the key of this connected session.
void check_host_key(ssh_session session, const std::string& host, unsigned port,
                    const std::optional<std::filesystem::path>& known_hosts_file);

}  // namespace snapferry::ssh
