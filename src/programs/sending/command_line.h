#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/send/config/config.h"
#include "snapferry/send/run/job_series.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/logs/open_log.h"

/// What snapshot-send was told on its command line.
namespace snapferry::programs {

struct SendLine {
    std::vector<std::string> classic;  ///< SNAPSHOT_DIR SOURCE_TAG DEST_TAG KEY USER@HOST[:PORT]
    std::string job;
    bool all = false;
    bool daemon = false;
    std::string config = send::config_path;
    std::string known_hosts;
    std::string state_dir = sys::state_directory;
    std::optional<std::string> protocol;
    std::optional<std::string> stream;
    std::optional<std::string> send;
    std::optional<unsigned> retries;
    std::optional<std::string> compression;
    std::optional<std::string> cipher;
    std::optional<std::string> bandwidth_limit;
    std::optional<unsigned> parallel;
    bool no_pin = false;
    bool no_manifest = false;
    send::RunOptions run;
    std::string log_format = "auto";
    sys::Verbosity verbosity = sys::Verbosity::normal;
};

inline constexpr auto sending_description =
    "Sends the newest btrfs snapshot of a tag to a backup machine, or all that it lacks.\n"
    "The newest is the last by the time that the names begin with (where none does, in the order\n"
    "of their bytes), of the read-only snapshots in SNAPSHOT_DIR that end in @SOURCE_TAG.";

/// The options of `app` are those of the line, which must outlive it.
void declare(CLI::App& app, SendLine& line);

/// Throws Failure (configuration) where the options do not go together.
void check_forms(const SendLine& line);

/// The Failure (configuration) of a line that cannot be followed.
[[noreturn]] void refuse_usage(const std::string& why);

}  // namespace snapferry::programs
