#include "snapferry/core/report/check.h"

#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/admin/age_check.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/health.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/link/acquaintance.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/pauses.h"
#include "untold.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string max_age = "26h";
    std::string max_scrub_age = "35d";
    std::string max_verify_age;  ///< empty: nobody has to verify
    std::vector<std::string> tags;
    bool only_sending = false;
    bool only_receiving = false;
};

Finding unknown(const Failure& failure) {
    return {CheckState::unknown, failure_text(failure)};
}

/// Where neither a configuration nor a history is left, what else a sender leaves behind tells that
/// there was one: a side that backs nothing up any more must not vanish from the check.
std::vector<Finding> trace_of_sending(const Shared& shared) {
    const auto trace = send::trace_of_sending(shared.state_dir);
    if (!trace) {
        return {};
    }
    return {{CheckState::unknown,
             fmt::format("backups were sent from here ({} tells), but neither {} nor {} is there: "
                         "is anything still backed up?",
                         escape_text(trace->native()), escape_text(shared.config),
                         escape_text(history_of(shared).native()))}};
}

std::vector<Finding> sending_side(const Shared& shared, const Options& options) {
    if (options.only_receiving) {
        return {};
    }
    const bool is_known = sys::is_there(shared.config) || sys::is_there(history_of(shared));
    if (!is_known && !options.only_sending) {
        return trace_of_sending(shared);
    }
    return admin::check_ages(states(shared), duration_in(options.max_age, "--max-age"), now());
}

/// Also of what is configured nowhere yet.
std::vector<Finding> what_is_paused(const Shared& /*shared*/, const Options& options) {
    std::vector<Finding> findings;
    if (options.only_receiving) {
        return findings;
    }
    for (const auto& pause : sys::Pauses().all()) {
        findings.push_back(
            {CheckState::warning, fmt::format("{0} is {1}; snapferry resume {0} lets it be sent "
                                              "again",
                                              pause.tag, sys::pause_text(pause))});
    }
    return findings;
}

std::vector<Finding> receiving_side(const Shared& /*shared*/, const Options& options) {
    if (options.only_sending || (!options.only_receiving && !sys::is_there(receive::config_path))) {
        return {};
    }
    HealthLimits limits;
    limits.max_age = duration_in(options.max_age, "--max-age");
    limits.max_scrub_age = duration_in(options.max_scrub_age, "--max-scrub-age");
    if (!options.max_verify_age.empty()) {
        limits.max_verify_age = duration_in(options.max_verify_age, "--max-verify-age");
    }
    for (const auto& tag : options.tags) {
        limits.tags.push_back(Tag::parse(tag));
    }
    return receive::check_health(receive::load_config(receive::config_path), limits);
}

std::vector<Finding> what_waits_to_be_mailed(const Shared& shared, const Options& options) {
    auto findings =
        options.only_receiving ? std::vector<Finding>{} : untold(shared.state_dir, "send");
    if (!options.only_sending) {
        for (auto& finding : untold(shared.state_dir, "receive")) {
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

using Side = std::function<std::vector<Finding>(const Shared&, const Options&)>;

/// A machine may be either side, or both. Each looks at its own, and finds nothing where it is not
/// configured; what keeps one from looking is a finding too, and does not keep the others.
std::vector<Finding> findings_of_all_sides(const Shared& shared, const Options& options) {
    const std::vector<Side> sides{sending_side, what_is_paused, receiving_side,
                                  what_waits_to_be_mailed};
    std::vector<Finding> all;
    for (const auto& side : sides) {
        try {
            for (auto& finding : side(shared, options)) {
                all.push_back(std::move(finding));
            }
        } catch (const Failure& failure) {
            all.push_back(unknown(failure));
        }
    }
    return all;
}

}  // namespace

/// What cannot be said was not checked.
ExitCode tell_findings(const std::vector<Finding>& findings) {
    try {
        print(check_text(findings));
        return static_cast<ExitCode>(worst_of(findings));
    } catch (const Failure& failure) {
        (void)std::fputs(("snapferry: " + failure_text(failure) + "\n").c_str(), stderr);
        return static_cast<ExitCode>(CheckState::unknown);
    }
}

Command declare_check(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command =
        app.add_subcommand("check", "whether all is well, for Nagios, Icinga and their like");
    command->add_option("--max-age", options->max_age, "how old the newest backup of a job may be")
        ->capture_default_str()
        ->type_name("DURATION");
    command
        ->add_option("--max-scrub-age", options->max_scrub_age,
                     "how long ago the backup disk's last scrub may be")
        ->capture_default_str()
        ->type_name("DURATION");
    command
        ->add_option("--max-verify-age", options->max_verify_age,
                     "how long ago a tag's last verification may be; otherwise it may be missing")
        ->type_name("DURATION");
    command->add_option("TAG", options->tags, "of the backup disk's tags, only these");
    auto* const sending =
        command->add_flag("--sending", options->only_sending, "only what this machine sends");
    command
        ->add_flag("--receiving", options->only_receiving, "only the backup disk of this machine")
        ->excludes(sending);
    return {command,
            [&shared, options] { return tell_findings(findings_of_all_sides(shared, *options)); }};
}

}  // namespace snapferry::commands
