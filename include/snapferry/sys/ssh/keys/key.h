#pragma once

#include <libssh/libssh.h>

#include <memory>
#include <string>
#include <type_traits>

namespace snapferry::ssh {

struct KeyDeleter {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};
/// Owns one of libssh's keys, public or private.
using KeyHandle = std::unique_ptr<std::remove_pointer_t<ssh_key>, KeyDeleter>;

/// "SHA256:..." of a key's public part, as ssh-keygen -l prints it.
std::string fingerprint(const KeyHandle& key);

/// The key's public part, as a known_hosts file has it.
std::string base64_text(const KeyHandle& key);

/// "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa".
std::string type_name(const KeyHandle& key);

}  // namespace snapferry::ssh
