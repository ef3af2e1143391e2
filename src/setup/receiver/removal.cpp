#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "../steps/run_tasks.h"
#include "receiver_tasks.h"
#include "removal_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::setup {
namespace {

constexpr auto why_root = "the set-up of this machine is root's";

/// What lets somebody in goes first.
Tasks removal_tasks(const Removal& removal) {
    Tasks tasks;
    constexpr std::size_t count = 4;
    tasks.reserve(count);
    tasks.push_back(key_removal(removal));
    tasks.push_back(sudo_removal(removal));
    tasks.push_back(configuration_removal(removal));
    tasks.push_back(account_removal(removal));
    return tasks;
}

std::string note_on_backups(const receive::Config& config, const Tag& tag) {
    const auto target = receive::target_of(config, tag);
    if (!sys::kind_of(target.snapshots)) {
        return fmt::format("there are no backups of {} in {} (or their disk is not mounted)",
                           tag.text(), escape_text(config.target_dir.native()));
    }
    const auto count = receive::take_inventory(target.snapshots, true).backups.size();
    const auto place = escape_text(target.snapshots.native());
    return fmt::format(
        "of {}, {} in {}; to delete what is there for ever, by hand: btrfs subvolume delete '{}'/*",
        tag.text(), count == 1 ? "1 backup stays" : fmt::format("{} backups stay", count), place,
        place);
}

/// Before the tag's entry goes: afterwards the directory is known still.
std::vector<std::string> notes_on(const Tag& tag) {
    try {
        if (!sys::kind_of(receive::config_path)) {
            return {"nothing is configured here"};
        }
        const auto config = receive::load_config(receive::config_path);
        return {note_on_backups(config, tag),
                "the backup disk stays mounted, and its line in /etc/fstab stays"};
    } catch (const Failure& failure) {
        return {fmt::format("backups stay where they are ({})", failure.what())};
    }
}

}  // namespace

Plan look_at_removal(const Tag& tag, const std::string& user) {
    sys::require_root(why_root);
    auto plan = look_at_all(removal_tasks(removal_of(tag, user)));
    plan.notes = notes_on(tag);
    return plan;
}

void remove(const Tag& tag, const Plan& agreed, const TellStep& tell, const std::string& user) {
    sys::require_root(why_root);
    const SetupTurn turn;
    const auto removal = removal_of(tag, user);
    forget_unfinished_edits(removal.user);
    carry_out_all(removal_tasks(removal), agreed, tell);
}

}  // namespace snapferry::setup
