#pragma once

#include <filesystem>
#include <future>
#include <optional>

#include "snapferry/core/stream/form.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::btrfs {

struct SendRequest {
    std::filesystem::path snapshot;               ///< read-only
    std::optional<std::filesystem::path> parent;  ///< read-only, on the same filesystem
    stream::Form form = stream::Form::v1;
    bool without_data = false;  ///< extents are only named: for an estimate, never to be received
};

/// A descriptor of its root. Throws Failure (sending) naming the path.
sys::UniqueFd open_snapshot(const std::filesystem::path& path);

/// The newest form of a stream that this kernel makes.
stream::Form newest_send_form();

/// The kernel's send (BTRFS_IOC_SEND) on a thread of its own, into a large pipe. The thread takes
/// no signals: an interrupted send can lose data and still say it succeeded. It is slowed by not
/// reading, and ended by closing the pipe, which the destructor does. The kernel sees that when it
/// next writes, which may take it an hour where it finds little to write: the destructor does not
/// wait for that, and the thread ends by itself.
class KernelSend {
  public:
    /// Throws Failure (sending) where the snapshots cannot be opened.
    explicit KernelSend(const SendRequest& request);
    KernelSend(const SendRequest& request, sys::Pipe pipe);
    ~KernelSend();
    KernelSend(const KernelSend&) = delete;
    KernelSend& operator=(const KernelSend&) = delete;

    /// The stream, to be read to its end.
    [[nodiscard]] int descriptor() const { return stream_.get(); }

    /// After the end of the stream: throws Failure (sending) where the kernel reported an error,
    /// for what was read is then not the whole.
    void finish();

  private:
    std::filesystem::path snapshot_;
    sys::UniqueFd stream_;
    std::future<int> error_;  ///< errno of the ioctl
};

}  // namespace snapferry::btrfs
