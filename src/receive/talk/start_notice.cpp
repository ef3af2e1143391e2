#include "snapferry/receive/talk/start_notice.h"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <string>

#include "snapferry/core/access/start.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/access.h"
#include "snapferry/sys/logs/journal_log.h"
#include "snapferry/sys/processes/ancestors.h"

namespace snapferry::receive {
namespace {

/// For whoever looks after the receiver. Without a journal there is nobody to tell.
void tell_journal(const std::string& line) {
    try {
        sys::JournalLog("snapshot-receive", sys::Verbosity::normal).write(Severity::warning, line);
    } catch (const Failure&) {
    }
}

/// Who ran sudo, as sudo says; without it, who this is.
std::string caller() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    const char* const name = std::getenv("SUDO_USER");
    return name != nullptr ? name : "root";
}

}  // namespace

void tell_how_it_was_started(const Tag& tag, Log& log) {
    try {
        if (judge_start(sys::ssh_variables_from_here_up()) != Start::by_wish ||
            is_every_key_forced(caller())) {
            return;
        }
        const auto line = fmt::format(
            "the key of this sender can start any command at the receiver, not snapshot-receive {} "
            "alone; in authorized_keys there, before the key, write {}",
            tag.text(), key_options(tag));
        log.warning("{}", line);
        tell_journal(line);
    } catch (const std::exception& error) {
        log.debug("how this receiver was started is unknown: {}", escape_text(error.what()));
    }
}

}  // namespace snapferry::receive
