#pragma once

#include <cstdint>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::ssh {

/// A connected socket that is lent to a library, some versions of which close it and some of which
/// do not (libssh 0.10.6 does, 0.11.5 leaves it open). When this object goes, after the library's,
/// the socket is closed if its number is still that socket: never left open, never closed twice,
/// and never something else that was opened under the number meanwhile.
class LentSocket {
  public:
    /// Throws Failure (internal) where the kernel does not say which socket that is.
    explicit LentSocket(sys::UniqueFd socket);
    ~LentSocket();
    LentSocket(const LentSocket&) = delete;
    LentSocket& operator=(const LentSocket&) = delete;

    [[nodiscard]] int descriptor() const { return socket_.get(); }

  private:
    sys::UniqueFd socket_;
    std::uint64_t cookie_;  ///< the kernel's name of the socket, which no other one ever gets
};

}  // namespace snapferry::ssh
