#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/send/job/job.h"
#include "snapferry/send/rotation/rotation.h"
#include "snapferry/setup/sender/sender_wishes.h"

namespace snapferry::setup {

/// A [receivers.NAME] of send.toml.
struct KnownReceiver {
    std::string name;
    std::string host;
    unsigned port = 22;
    std::string user;
    std::optional<std::filesystem::path> known_hosts;
    bool has_person = false;
};

/// What send.toml has.
struct SenderConfig {
    std::vector<KnownReceiver> receivers;
    std::vector<send::Job> jobs;
    std::vector<send::Rotation> rotations;
};

/// Nothing where there is no file. Throws Failure (configuration).
SenderConfig read_sender_config(const std::filesystem::path& file);

/// Where what is wished stands, or would stand.
struct SenderPlace {
    std::string receiver;  ///< its name
    std::optional<KnownReceiver> receiver_there;
    std::string job;  ///< its name
    std::optional<send::Job> job_there;
    std::optional<send::Rotation> rotation_there;  ///< [snapshots.NAME], with the job's name
    std::filesystem::path key_file;
    std::filesystem::path known_hosts;
    std::filesystem::path config;
};

/// Throws Failure (configuration) where the receiver's name is another machine's.
SenderPlace find_place(const SenderConfig& config, const SenderWishes& wishes);

/// Where the keys lie that are made here, one for each job.
std::filesystem::path directory_of_keys(const std::filesystem::path& config);

/// False for a key that somebody has made, and named in the file.
bool is_own_key(const SenderPlace& place);

/// The jobs that log in with this key, but for the one of this name.
std::vector<std::string> others_with_key(const SenderConfig& config, const SenderPlace& place);

/// The jobs that go to the same machine, under whatever name of a receiver, but for the one of this
/// name.
std::vector<std::string> others_to_receiver(const SenderConfig& config, const SenderPlace& place,
                                            const SenderWishes& wishes);

/// "pi.lan:22": one machine is written in one way.
std::string address_of(const std::string& host, unsigned port);

}  // namespace snapferry::setup
