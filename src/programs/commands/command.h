#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/exit_code.h"

/// The commands of `snapferry`, one a file: each declares its options, and what it runs.
namespace snapferry::commands {

/// The options that all commands have.
struct Shared {
    std::string config;     ///< of the jobs
    std::string state_dir;  ///< where the history is
};

struct Command {
    CLI::App* parser;
    std::function<ExitCode()> run;  ///< once the command line is parsed
};

/// Each adds its command to `app`. `shared` must outlive what they return.
Command declare_answer(CLI::App& app, const Shared& shared);
Command declare_status(CLI::App& app, const Shared& shared);
Command declare_history(CLI::App& app, const Shared& shared);
Command declare_check(CLI::App& app, const Shared& shared);
Command declare_report(CLI::App& app, const Shared& shared);
Command declare_forget(CLI::App& app, const Shared& shared);
Command declare_forget_disk(CLI::App& app, const Shared& shared);
Command declare_manifest(CLI::App& app, const Shared& shared);
Command declare_compare(CLI::App& app, const Shared& shared);
Command declare_versions(CLI::App& app, const Shared& shared);
Command declare_find(CLI::App& app, const Shared& shared);
Command declare_diff(CLI::App& app, const Shared& shared);
Command declare_list(CLI::App& app, const Shared& shared);
Command declare_prune(CLI::App& app, const Shared& shared);
Command declare_lock(CLI::App& app, const Shared& shared);
Command declare_tell(CLI::App& app, const Shared& shared);
Command declare_test_alert(CLI::App& app, const Shared& shared);
Command declare_verify(CLI::App& app, const Shared& shared);
Command declare_drill(CLI::App& app, const Shared& shared);
Command declare_clear_alarm(CLI::App& app, const Shared& shared);
Command declare_unlock(CLI::App& app, const Shared& shared);
Command declare_import(CLI::App& app, const Shared& shared);
Command declare_rotate(CLI::App& app, const Shared& shared);
Command declare_receive_here(CLI::App& app, const Shared& shared);
Command declare_resume(CLI::App& app, const Shared& shared);
Command declare_restore(CLI::App& app, const Shared& shared);
Command declare_pair(CLI::App& app, const Shared& shared);
Command declare_setup_receiver(CLI::App& app, const Shared& shared);
Command declare_setup_remove(CLI::App& app, const Shared& shared);
Command declare_setup_sender(CLI::App& app, const Shared& shared);

/// Tells a monitor; the exit codes of a check are those that monitors know, 0 to 3, and not the
/// table's.
ExitCode tell_findings(const std::vector<Finding>& findings);

}  // namespace snapferry::commands
