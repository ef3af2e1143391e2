#pragma once

#include <string>
#include <utility>

#include "snapferry/core/failure.h"

namespace snapferry::ssh {

/// The other side does not let the login key in. What lets it in is for those to say who know what
/// the key is for: a bare public key in authorized_keys would give it a shell.
class KeyRefused : public Failure {
  public:
    KeyRefused(const std::string& message, std::string public_key)
        : Failure(ExitCode::authentication, message, "look into the log of sshd at the receiver"),
          public_key_(std::move(public_key)) {}

    /// "ssh-ed25519 AAAA...", as authorized_keys has it.
    [[nodiscard]] const std::string& public_key() const { return public_key_; }

  private:
    std::string public_key_;
};

}  // namespace snapferry::ssh
