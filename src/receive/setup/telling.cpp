#include "snapferry/receive/setup/telling.h"

#include <unistd.h>

#include <cerrno>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/processes/process.h"
#include "snapferry/sys/processes/program_output.h"

namespace snapferry::receive {
namespace {

/// In the child: its own child goes on, in a session of its own, and nobody waits for it.
int detach() {
    if (::setsid() < 0) {
        return errno;
    }
    const auto pid = ::fork();
    if (pid > 0) {
        ::_exit(0);
    }
    return pid < 0 ? errno : 0;
}

}  // namespace

bool tells_once(const Config& config) {
    return config.mail || !config.on_alert.empty();
}

TellAtTheEnd::~TellAtTheEnd() {
    if (!tells_once(config_)) {
        return;
    }
    try {
        sys::Command command;
        command.program = sys::own_directory() / "snapferry";
        command.arguments = {"tell", "--receiving", "--background"};
        if (!config_.before_receive.empty() || !config_.after_receive.empty()) {
            command.arguments.emplace_back(
                "--notes-only");  // another look would keep the disk busy
        }
        command.prepare = detach;
        (void)sys::Process::start(std::move(command)).wait();
    } catch (const std::exception& error) {
        try {
            log_.warning("nobody is told by mail: {}", escape_text(error.what()));
        } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): there is nobody to tell
        }
    }
}

}  // namespace snapferry::receive
