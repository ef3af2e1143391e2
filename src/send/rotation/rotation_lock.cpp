#include "snapferry/send/rotation/rotation_lock.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {

sys::FileLock lock_rotation(const Rotation& rotation) {
    constexpr std::chrono::seconds patience{10};  // a snapshot is made in less, as a rule
    const std::filesystem::path directory(lock_directory);
    sys::make_private_directory(directory);
    const auto series = JobIdentity::of(rotation.snapshot_dir.native(), rotation.tag, "", 0, "");
    const auto file = directory / fmt::format("rotate-{}.lock", series.digest());
    if (auto lock = sys::FileLock::acquire(file, patience)) {
        return std::move(*lock);
    }
    throw Failure(ExitCode::busy,
                  fmt::format("another run is rotating @{} in {}", escape_text(rotation.tag),
                              escape_text(rotation.snapshot_dir.native())),
                  "it is left alone; try again when it has ended");
}

}  // namespace snapferry::send
