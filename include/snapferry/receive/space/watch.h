#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "snapferry/core/space/disk_use.h"
#include "snapferry/core/space/reserve.h"
#include "snapferry/sys/btrfs/space_gauge.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::receive {

/// Keeps a receive from the disk's reserve. By bytes: whoever hands a stream on asks before each
/// piece. By time: a thread looks meanwhile, for few bytes of a stream can take much of a disk, and
/// ends `btrfs receive` where it must.
class SpaceWatch {
  public:
    SpaceWatch(std::filesystem::path on_the_disk, const Reserve& reserve);
    ~SpaceWatch() = default;
    SpaceWatch(const SpaceWatch&) = delete;
    SpaceWatch& operator=(const SpaceWatch&) = delete;

    /// From now on this process (a pidfd, of which a copy is kept) is ended when space runs out.
    void guard(int process);

    /// Nobody any more.
    void release();

    /// So many bytes of the stream are about to be handed on. Throws Failure (no_space). Where only
    /// what was written and not placed yet would go too far, syncs and looks again.
    void let_pass(std::uint64_t bytes);

    /// So many bytes of the disk are about to be taken at once. The same.
    void require(std::uint64_t more);

    /// Throws the Failure (no_space) for which the thread has ended the process; nothing where it
    /// has not.
    void throw_if_short() const;

  private:
    void watch(const std::stop_token& stop);
    [[nodiscard]] std::uint64_t kept_free() const { return reserve_bytes_; }
    /// bytes between the disk's reserve and what is certainly free
    [[nodiscard]] std::uint64_t room(const DiskUse& use) const;

    const std::filesystem::path on_the_disk_;
    const Reserve reserve_;
    const btrfs::SpaceGauge gauge_;
    const std::uint64_t reserve_bytes_;
    std::uint64_t passed_ = 0;    ///< bytes since the last look
    std::uint64_t distance_ = 0;  ///< bytes to the next

    mutable std::mutex mutex_;  // of the three below
    std::condition_variable_any changed_;
    sys::UniqueFd process_;
    std::optional<DiskUse> shortage_;

    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace snapferry::receive
