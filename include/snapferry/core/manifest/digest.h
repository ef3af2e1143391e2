#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "snapferry/core/manifest/entry.h"

namespace snapferry::manifest {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::byte> bytes);

    /// Of all so far; what comes next begins anew.
    [[nodiscard]] Digest take();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace snapferry::manifest
