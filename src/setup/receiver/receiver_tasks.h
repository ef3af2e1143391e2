#pragma once

#include <memory>
#include <string>

#include "../steps/task.h"
#include "snapferry/core/setup/receiver_wishes.h"

/// The tasks keep a reference to the wishes.
namespace snapferry::setup {

/// A user of its own for the sender, whose home is root's: so it cannot change what its key may do.
std::unique_ptr<Task> account_task(const ReceiverWishes& wishes);

/// target_dir and [tags.TAG] of receive.toml.
std::unique_ptr<Task> configuration_task(ReceiverWishes& wishes);

/// The one rule of sudo.
std::unique_ptr<Task> sudo_task(const ReceiverWishes& wishes);

/// sshd runs, and lets the user in.
std::unique_ptr<Task> sshd_task(const ReceiverWishes& wishes);

/// The line of authorized_keys.
std::unique_ptr<Task> key_task(const ReceiverWishes& wishes);

/// What a file of the tasks is called, and what it is for, in one place.
inline constexpr auto sudo_rules_file = "/etc/sudoers.d/snapferry";

/// Throws Failure where sudo's files are not as they should be, as visudo sees it.
void require_sound_sudoers();

/// Whether sudo lets the user start the receiver of the tag, and asks for no password.
bool is_allowed_by_sudo(const std::string& user, const std::string& program,
                        const std::string& tag);

/// Removes what a run that was killed has left beside the files that it changed.
void forget_unfinished_edits(const std::string& user);

/// Whether somebody answers at a port of sshd's.
bool is_sshd_listening();

}  // namespace snapferry::setup
