#include "backups_here.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/sys/logs/journal_notes.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {

receive::Config config_of_sleeping_receiver() {
    sys::require_root("the backup disk is root's");
    return receive::load_config(receive::config_path);
}

receive::Config config_of_receiver() {
    auto config = config_of_sleeping_receiver();
    receive::require_backup_disk(config);
    return config;
}

std::vector<Tag> tags_meant(const receive::Config& config, const std::string& named) {
    auto tags = receive::tags_of(config);
    if (named.empty()) {
        return tags;
    }
    const auto tag = Tag::parse(named);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("there are no backups of {} here", tag.text()),
                      "snapferry list shows the tags that there are");
    }
    return {tag};
}

void note_in_journal(const Tag& tag, const std::string& line) {
    sys::JournalNotes("snapferry", tag.text()).write(Severity::info, line);
}

}  // namespace snapferry::commands
