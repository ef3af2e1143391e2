#pragma once

#include <string>
#include <string_view>

namespace snapferry::setup {

/// An SSH public key as a .pub file has it. Made by parse_public_key() only from text that can
/// stand in authorized_keys and known_hosts: one line, nothing before the type.
struct PublicKey {
    std::string type;     ///< "ssh-ed25519"
    std::string base64;   ///< of the key; its own type inside is the same
    std::string comment;  ///< printable ASCII; may be empty

    [[nodiscard]] std::string line() const;

    bool operator==(const PublicKey&) const = default;
};

/// Throws Failure (configuration) saying what is wrong: a private key, options before the key, a
/// type that snapferry does not take, more than a line.
PublicKey parse_public_key(std::string_view text);

/// "SHA256:...", as ssh-keygen -l shows it.
std::string fingerprint_of(const PublicKey& key);

}  // namespace snapferry::setup
