#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../steps/task.h"
#include "sender_place.h"
#include "snapferry/core/setup/text/toml_text.h"
#include "snapferry/setup/sender/sender_wishes.h"
#include "snapferry/sys/machine/secret.h"

/// What must be so for this machine to send. The tasks keep references to what they are given.
namespace snapferry::setup {

/// The key to log in with: the one that is there, or one that is nowhere yet.
struct SenderKey {
    std::string public_line;
    sys::Secret private_text;  ///< of one that is nowhere yet; else empty
};

/// The key's file. One that appears meanwhile is left alone, and a Failure.
std::unique_ptr<Task> key_task(const SenderPlace& place, const SenderWishes& wishes,
                               const SenderKey& key);

/// The receiver's host keys. Another key of the same type is never replaced.
std::unique_ptr<Task> host_key_task(const SenderPlace& place, const SenderWishes& wishes,
                                    const std::vector<std::string>& host_keys);

/// [receivers.NAME] and [jobs.NAME] of send.toml.
std::unique_ptr<Task> receiver_task(const SenderPlace& place, const SenderWishes& wishes);
std::unique_ptr<Task> job_task(const SenderPlace& place, const SenderWishes& wishes);

/// [snapshots.NAME] of send.toml, for the daemon; and the first one, so that there is something to
/// send. Where nobody wishes for any, neither is to be done.
std::unique_ptr<Task> rotation_task(const SenderPlace& place, const SenderWishes& wishes);
std::unique_ptr<Task> first_snapshot_task(const SenderWishes& wishes);

/// Adds to a table of send.toml, and makes it where there is none; nothing else in the file
/// changes, and it stays one that snapshot-send can read. Throws Failure, with all as it was.
void add_to_config(const std::filesystem::path& config, const TomlTable& table,
                   const std::vector<TomlEntry>& entries);

/// What that looks like to a person.
std::vector<std::string> shown_table(const TomlTable& table, const std::vector<TomlEntry>& entries);

/// The daemon, where systemd runs this machine.
std::unique_ptr<Task> daemon_task(const SenderWishes& wishes);

/// The same, taken back. Each is done where there is nothing to take back, and leaves alone what
/// another job goes by.
std::unique_ptr<Task> job_away_task(const SenderPlace& place);
std::unique_ptr<Task> receiver_away_task(const SenderPlace& place,
                                         const std::vector<std::string>& other_jobs);
std::unique_ptr<Task> host_key_away_task(const SenderPlace& place, const SenderWishes& wishes,
                                         const std::vector<std::string>& other_jobs);
std::unique_ptr<Task> key_away_task(const SenderPlace& place,
                                    const std::vector<std::string>& other_jobs);

}  // namespace snapferry::setup
