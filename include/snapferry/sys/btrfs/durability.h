#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/disk/health.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::btrfs {

/// Vouches that what was written to a filesystem is on its disk. The kernel has no one call that
/// tells: the sync ioctl is silent about data that could not be written, syncfs() tells who has the
/// filesystem open since before, and of compressed writes only the devices' counters may tell.
///
/// So it is made before the first byte that it is to vouch for is written, by whatever process, in
/// whatever mount namespace. Once it has seen a loss it vouches for nothing any more. (What neither
/// syncfs() nor a counter tells, a written extent that is not there does: see
/// receive/stream/encoded_data.h.)
class Durability {
  public:
    /// `what`: "the backup disk", as the failures call it. What was lost before is not held against
    /// what comes: see earlier_loss(). Throws Failure (receiving) where it cannot be looked at.
    Durability(const std::filesystem::path& on_the_disk, std::string what);

    /// What was lost before this was made and nobody has heard of yet; empty where nothing was.
    [[nodiscard]] const std::string& earlier_loss() const { return earlier_loss_; }

    /// Returns when all that was written before the call is on the disk. Throws Failure
    /// (receiving) where anything that was written since this was made is not, now and whenever it
    /// is called again.
    void require();

    /// Says that something written since is known to be lost: throws that Failure.
    [[noreturn]] void lost(const std::string& how);

  private:
    [[nodiscard]] std::string loss_since_the_last_look();
    [[nodiscard]] std::string counted_loss() const;

    sys::UniqueFd filesystem_;
    std::string what_;
    std::vector<DeviceErrors> counted_before_;
    std::string earlier_loss_;
    std::string seen_;  ///< the first loss seen; empty while there is none
};

}  // namespace snapferry::btrfs
