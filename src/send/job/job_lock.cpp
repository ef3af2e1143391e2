#include "snapferry/send/job/job_lock.h"

#include <fmt/format.h>

#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr auto lock_directory = "/run/snapferry";

/// The same for all that would send the same to the same place, whatever they call the job.
std::string identity_of(const Job& job) {
    const auto& destination = job.receiver.destination;
    const auto whole = fmt::format("{}\n{}\n{}:{}\n{}", job.snapshot_dir.native(), job.source_tag,
                                   destination.host, destination.port, job.dest_tag.text());
    wire::StreamDigest digest;
    digest.update(std::as_bytes(std::span(whole)));
    return digest.text();
}

}  // namespace

sys::FileLock lock_job(const Job& job) {
    constexpr std::chrono::seconds patience{1};
    const std::filesystem::path directory(lock_directory);
    sys::make_private_directory(directory);
    const auto file = directory / fmt::format("send-{}.lock", identity_of(job));
    if (auto lock = sys::FileLock::acquire(file, patience)) {
        return std::move(*lock);
    }
    throw Failure(ExitCode::busy,
                  fmt::format("another run is sending @{} from {} to {}", job.source_tag,
                              escape_text(job.snapshot_dir.native()), job.dest_tag.text()),
                  "it is left alone; try again when it has ended");
}

}  // namespace snapferry::send
