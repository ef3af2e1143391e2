#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/plan/schedule.h"
#include "snapferry/core/plan/send_scope.h"
#include "snapferry/core/stream/form.h"
#include "snapferry/core/transfer/cipher_choice.h"
#include "snapferry/send/config/alert_settings.h"
#include "snapferry/sys/ssh/session.h"

namespace snapferry::send {

enum class Protocol {
    automatic,  ///< snapferry's own; a raw stream where the receiver is a classic one
    raw,        ///< a plain btrfs stream, as the classic script sent it
};

/// A machine that snapshots go to, and how.
struct Receiver {
    ssh::Destination destination;
    std::string program = "snapshot-receive";        ///< what sudo runs there
    std::optional<Cipher> cipher{};                  ///< demanded; else the quicker one
    std::optional<int> compression{};                ///< see parse_compression_setting
    std::optional<std::uint64_t> bandwidth_limit{};  ///< bytes a second
    unsigned parallel = 1;                           ///< jobs to this machine at once
    std::chrono::seconds retry_for{0};               ///< see Job

    /// The receive.toml of a receiver on this machine, without SSH; empty for any other. Its
    /// destination is a name only (see local_host): for what tells receivers apart.
    std::filesystem::path local_config{};

    [[nodiscard]] bool is_local() const { return !local_config.empty(); }

    friend bool operator==(const Receiver&, const Receiver&) = default;
};

/// One series of snapshots and where it goes.
struct Job {
    std::string name;  ///< a label; the destination's tag in the classic form
    std::filesystem::path snapshot_dir;
    std::string source_tag;
    Tag dest_tag;
    Receiver receiver;
    Protocol protocol = Protocol::automatic;
    std::optional<stream::Form> stream{};  ///< demanded; else the newest that both sides can
    SendScope send{};                      ///< which of the snapshots that the receiver lacks
    bool pin = true;
    bool manifest = true;               ///< of what was sent is delivered
    bool makes_manifests = true;        ///< where none came with what was received here itself
    bool tells_of_nested = true;        ///< that subvolumes in it are in no backup
    unsigned retries = 3;               ///< how often a broken connection is made again in one run
    std::chrono::seconds retry_for{0};  ///< and how long at least, from the first failure on
    Schedule schedule{};                ///< for the daemon
    AlertSettings alerts{};
    std::optional<std::chrono::seconds> max_age{};  ///< of the newest backup; nothing: learnt
    /// JobIdentity::file_name() of the configuration's other jobs with this snapshot directory:
    /// what they keep there is in use, however rarely they are run.
    std::set<std::string> others_here{};

    /// The configuration's other jobs from this snapshot directory to this receiver: their source
    /// and destination tags.
    std::map<std::string, std::string> beside{};

    friend bool operator==(const Job&, const Job&) = default;
};

/// What stands for the host where the receiver is on this machine: no machine is called so.
std::string local_host(const std::filesystem::path& config);

/// What makes it this job, whatever it is called and however it is done.
JobIdentity identity_of(const Job& job);

inline constexpr unsigned most_parallel = 64;  // jobs at once

/// What one run is asked to do beside the job itself.
struct RunOptions {
    bool force = false;             ///< send what the receiver has already
    std::string forced_by{};        ///< what a person wrote to force it
    bool incremental_only = false;  ///< never send in full
    bool dry_run = false;
    bool manifest_only = false;  ///< send no snapshot, but the manifests that are missing
    bool estimate = false;       ///< find out what a stream will come to, for the person who waits
};

/// The form of a stream in a configuration or on the command line; nothing for "auto". Throws
/// Failure (configuration) for any other text.
std::optional<stream::Form> parse_stream_setting(std::string_view text);

/// The tag at the end of a snapshot's name, after '@'. Throws Failure (bad_tag) where it is empty
/// or cannot be part of a name.
std::string parse_source_tag(std::string_view text);

}  // namespace snapferry::send
