#include "snapferry/send/telling/metrics_file.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/metrics.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::send {
namespace {

constexpr std::size_t largest = 16 * 1024 * 1024;  // bytes: some thousand jobs
constexpr std::chrono::seconds patience{10};       // a write takes milliseconds
constexpr unsigned readable_by_all = 0644;         // the node exporter is not root

}  // namespace

void MetricsFile::tell(const Job& job, const RunReport& report, std::chrono::seconds max_age) {
    const auto& settings = job.alerts.metrics;
    if (!settings) {
        return;
    }
    auto lock_file = settings->file;
    lock_file += ".lock";
    const auto lock = sys::FileLock::acquire(lock_file, patience);
    if (!lock) {
        throw Failure(ExitCode::busy, fmt::format("cannot write {}: another holds its lock",
                                                  escape_text(settings->file.native())));
    }
    const auto before = sys::read_small_file(settings->file, largest).value_or("");
    sys::replace_file(settings->file, metrics_after_run(before, report, settings->jobs, max_age),
                      readable_by_all);
}

}  // namespace snapferry::send
