#include "snapferry/receive/disk/own_word.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>

#include "snapferry/core/alert/standing.h"
#include "snapferry/core/disk/health.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/telling.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/history.h"

namespace snapferry::receive {
namespace {

void take(std::vector<Finding>& into, const std::function<std::vector<Finding>()>& look) {
    try {
        auto found = look();
        std::move(found.begin(), found.end(), std::back_inserter(into));
    } catch (const Failure& failure) {
        into.push_back({CheckState::unknown, failure.what()});
    } catch (const std::exception& error) {
        into.push_back({CheckState::unknown, escape_text(error.what())});
    }
}

/// A disk that nobody scrubs is told of by the check here: at the sender nobody could mend it.
std::vector<Finding> scrubs_of(const std::filesystem::path& disk) {
    const auto records = btrfs::last_scrubs(disk);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return records.empty() ? std::vector<Finding>{{CheckState::ok, "its disk was never scrubbed"}}
                           : judge_scrubs(records, std::nullopt, HealthLimits{}, now);
}

/// A disk that is there for a receive alone is looked at by no `snapferry tell`.
void note_to_tell(const Config& config, const std::vector<Finding>& of_disk) {
    const bool stays = config.before_receive.empty() && config.after_receive.empty();
    if (stays || !tells_once(config)) {
        return;
    }
    try {
        auto standing = alert::standing_of(of_disk);
        standing.key = "the disk at the last receive";
        const sys::AlertNotes notes(sys::alerts_directory(sys::state_directory, "receive"));
        if (!standing.kinds.empty()) {
            notes.note(standing);
        } else if (standing.is_known) {
            notes.note_over(standing.key);
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the sender is told
    }
}

}  // namespace

ReceiverWord own_word(const Config& config, const std::string& held) {
    const auto& disk = config.target_dir;
    ReceiverWord word;
    take(word.disk, [&]() -> std::vector<Finding> {
        const auto space = btrfs::space_of(disk);
        return {judge_space(space.free, space.total, config.reserve)};
    });
    take(word.disk, [&] { return scrubs_of(disk); });
    take(word.disk, [&] { return judge_devices(btrfs::device_errors(disk)); });
    note_to_tell(config, word.disk);
    if (!held.empty()) {
        word.tag.push_back({CheckState::critical, held});
    }
    return word;
}

}  // namespace snapferry::receive
