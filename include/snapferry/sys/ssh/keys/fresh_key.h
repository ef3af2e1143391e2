#pragma once

#include <string>

#include "snapferry/sys/machine/secret.h"

namespace snapferry::ssh {

/// A key pair that is nowhere yet.
struct FreshKey {
    sys::Secret private_text;  ///< as a file has it
    std::string public_line;   ///< "ssh-ed25519 AAAA... comment"
};

/// An ed25519 key without a passphrase, made by ssh-keygen in a directory in memory that is gone
/// afterwards. Throws Failure (configuration) where there is no ssh-keygen.
FreshKey make_key(const std::string& comment);

}  // namespace snapferry::ssh
