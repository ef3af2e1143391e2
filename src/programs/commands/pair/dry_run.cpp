#include "dry_run.h"

#include <fmt/format.h>

#include <chrono>

#include "../surroundings.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/send/run/run_once.h"
#include "snapferry/sys/logs/console_log.h"

namespace snapferry::commands {
namespace {

std::string how_long(std::uint64_t bytes, std::uint64_t rate) {
    const auto seconds = static_cast<std::int64_t>(bytes / std::max<std::uint64_t>(rate, 1)) + 1;
    return fmt::format("At about {}/s, as the line is now, that takes about {}.\n", byte_text(rate),
                       duration_text(std::chrono::seconds(seconds)));
}

}  // namespace

std::optional<Failure> dry_run_of(const send::Job& job, std::optional<std::uint64_t> rate) {
    sys::ConsoleLog log(sys::Verbosity::normal);
    send::JobProgress progress;
    send::Line line(job.receiver, nullptr);
    send::RunOptions options;
    options.dry_run = true;
    options.estimate = true;
    const auto end = send::run_once(job, options, line, {}, log, progress);
    if (end.failure) {
        return end.failure;
    }
    const auto estimate = progress.view().estimate;
    if (estimate && rate) {
        print(how_long(*estimate, *rate));
    }
    return std::nullopt;
}

}  // namespace snapferry::commands
