#include "snapferry/sys/logs/journal_log.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::sys {
namespace {

constexpr auto journal_socket = "/run/systemd/journal/socket";

int priority_of(Severity severity) {
    switch (severity) {
        case Severity::debug:
            return LOG_DEBUG;
        case Severity::info:
            return LOG_INFO;
        case Severity::warning:
            return LOG_WARNING;
        case Severity::error:
            return LOG_ERR;
    }
    return LOG_ERR;
}

/// The fields of one entry, in the form that the journal takes.
class Entry {
  public:
    /// What is empty is left out.
    void add(std::string_view field, std::string_view value) {
        if (!value.empty()) {
            fields_.push_back(fmt::format("{}={}", field, value));
        }
    }

    /// False where the journal did not take it.
    bool send() {
        std::vector<iovec> parts;
        parts.reserve(fields_.size());
        for (auto& field : fields_) {
            parts.push_back({field.data(), field.size()});
        }
        return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
    }

  private:
    std::vector<std::string> fields_;
};

/// As sd-journal has it in JOURNAL_STREAM.
std::string stream_name(int fd) {
    struct stat data {};
    return ::fstat(fd, &data) == 0 ? fmt::format("{}:{}", data.st_dev, data.st_ino) : "";
}

}  // namespace

bool writes_to_journal() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    const char* const stream = std::getenv("JOURNAL_STREAM");
    return stream != nullptr && stream_name(STDOUT_FILENO) == stream &&
           stream_name(STDERR_FILENO) == stream;
}

JournalLog::JournalLog(std::string identifier, Verbosity verbosity)
    : identifier_(std::move(identifier)),
      lowest_(lowest_shown(verbosity)),
      console_(verbosity, ConsoleForm::text_with_jobs) {
    // The library takes it for no error that nobody listens.
    if (::access(journal_socket, W_OK) != 0) {
        throw Failure(ExitCode::configuration, "there is no systemd journal here",
                      "--log-format text writes to stdout and stderr");
    }
}

void JournalLog::write(Severity severity, std::string_view line) {
    write_about({}, severity, line);
}

void JournalLog::write_about(const LogContext& about, Severity severity, std::string_view line) {
    if (severity < lowest_) {
        return;
    }
    Entry entry;
    entry.add("PRIORITY", std::to_string(priority_of(severity)));
    entry.add("MESSAGE", safe_line(line));
    entry.add("SYSLOG_IDENTIFIER", identifier_);
    entry.add("SNAPFERRY_JOB", about.job);
    entry.add("SNAPFERRY_TAG", about.tag);
    entry.add("SNAPFERRY_SNAPSHOT", about.snapshot);
    entry.add("SNAPFERRY_RUN", about.run);
    if (!entry.send()) {
        console_.write_about(about, severity, line);
    }
}

}  // namespace snapferry::sys
