#pragma once

#include <filesystem>

#include "snapferry/sys/ssh/keys/key.h"

namespace snapferry::ssh {

/// The login key. Throws Failure (configuration) where the file is missing, no regular file, open
/// to its group or to others, encrypted, or no private key; it never asks for a passphrase.
KeyHandle load_private_key(const std::filesystem::path& file);

}  // namespace snapferry::ssh
