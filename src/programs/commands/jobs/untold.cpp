#include "untold.h"

#include <fmt/format.h>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/alert/outbox.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::commands {

std::vector<Finding> untold(const std::filesystem::path& state_dir, const std::string& side) {
    const sys::Outbox outbox(sys::alerts_directory(state_dir, side) / "outbox");
    const auto trouble = outbox.trouble();
    const auto waiting = trouble ? outbox.waiting().size() : 0;
    if (waiting == 0) {
        return {};
    }
    return {{CheckState::warning,
             fmt::format("{} since {}: {}",
                         waiting == 1 ? "a mail waits" : fmt::format("{} mails wait", waiting),
                         sys::local_time_text(trouble->since), escape_text(trouble->why))}};
}

}  // namespace snapferry::commands
