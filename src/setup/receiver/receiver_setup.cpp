#include "snapferry/setup/receiver/receiver_setup.h"

#include <fmt/format.h>

#include "../disk/disk_tasks.h"
#include "../steps/run_tasks.h"
#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::setup {
namespace {

constexpr auto why_root = "the set-up of this machine is root's";

/// What lets somebody in comes last.
Tasks tasks_for(ReceiverWishes& wishes) {
    Tasks tasks;
    constexpr std::size_t count = 9;
    tasks.reserve(count);
    tasks.push_back(filesystem_task(wishes));
    tasks.push_back(fstab_task(wishes));
    tasks.push_back(mount_task(wishes));
    tasks.push_back(directory_task(wishes));
    tasks.push_back(configuration_task(wishes));
    tasks.push_back(account_task(wishes));
    tasks.push_back(sudo_task(wishes));
    tasks.push_back(sshd_task(wishes));
    tasks.push_back(key_task(wishes));
    return tasks;
}

}  // namespace

Plan look(const ReceiverWishes& wishes) {
    sys::require_root(why_root);
    require_sensible(wishes);
    auto own = wishes;
    return look_at_all(tasks_for(own));
}

void forget_unfinished_edits(const std::string& user) {
    for (const auto* const file : {"/etc/fstab", receive::config_path, sudo_rules_file}) {
        sys::forget_unfinished_edit(file);
    }
    if (const auto account = user_named(user)) {
        sys::forget_unfinished_edit(key_file_of(*account));
    }
}

void carry_out(const ReceiverWishes& wishes, const Plan& agreed, const TellStep& tell) {
    sys::require_root(why_root);
    require_sensible(wishes);
    const SetupTurn turn;
    forget_unfinished_edits(wishes.user);
    auto own = wishes;  // the tasks change them: a disk is erased once
    carry_out_all(tasks_for(own), agreed, tell);
}

}  // namespace snapferry::setup
