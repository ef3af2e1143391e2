#include "snapferry/receive/talk/raw_log.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log_line.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::receive {

void RawLog::write(Severity severity, std::string_view line) {
    if (severity < Severity::info) {
        return;
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto text =
        fmt::format("{} {}\n", sys::local_time_iso(now), log_text(severity, line, {}, false));
    const std::lock_guard only_one(writing_);
    if (takes_nothing_) {
        return;
    }
    try {
        sys::write_before(std::chrono::steady_clock::now() + patience_,
                          severity >= Severity::warning ? error_ : output_,
                          std::as_bytes(std::span(text)), ExitCode::connection, "to the sender");
    } catch (const Failure&) {
        takes_nothing_ = true;  // what is being done is done all the same
    }
}

}  // namespace snapferry::receive
