#include "snapferry/send/job/job_lock.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr std::string_view of_sends = "send";

std::filesystem::path file_of(const JobIdentity& job, std::string_view prefix,
                              std::string_view ending) {
    return std::filesystem::path(lock_directory) /
           fmt::format("{}-{}.{}", prefix, job.digest(), ending);
}

sys::FileLock lock(const Job& job, std::string_view prefix, std::string_view does) {
    constexpr std::chrono::seconds patience{1};
    const std::filesystem::path directory(lock_directory);
    sys::make_private_directory(directory);
    const auto file = file_of(identity_of(job), prefix, "lock");
    if (auto lock = sys::FileLock::acquire(file, patience)) {
        return std::move(*lock);
    }
    throw Failure(ExitCode::busy,
                  fmt::format("another run is {} @{} from {} to {}", does, job.source_tag,
                              escape_text(job.snapshot_dir.native()), job.dest_tag.text()),
                  "it is left alone; try again when it has ended");
}

}  // namespace

sys::FileLock lock_job(const Job& job) {
    return lock(job, of_sends, "sending");
}

std::filesystem::path lock_file_of(const JobIdentity& job) {
    return file_of(job, of_sends, "lock");
}

std::filesystem::path progress_file_of(const JobIdentity& job) {
    return file_of(job, of_sends, "progress");
}

sys::FileLock lock_manifests(const Job& job) {
    return lock(job, "manifest", "making the manifests of");
}

}  // namespace snapferry::send
