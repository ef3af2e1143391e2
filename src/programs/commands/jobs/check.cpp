#include "snapferry/core/check/check.h"

#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/status/job_judgement.h"
#include "snapferry/receive/disk/health.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/files/file.h"
#include "untold.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string max_age;  ///< empty: as each job has it
    std::string max_scrub_age = "35d";
    std::string max_verify_age;  ///< empty: nobody has to verify
    std::vector<std::string> tags;
    bool only_sending = false;
    bool only_receiving = false;
};

Finding unknown(const Failure& failure) {
    return {CheckState::unknown, failure_text(failure)};
}

std::optional<std::chrono::seconds> asked_age(const Options& options) {
    return options.max_age.empty() ? std::nullopt
                                   : std::optional(duration_in(options.max_age, "--max-age"));
}

std::vector<Finding> sending_side(const Shared& shared, const Options& options) {
    if (options.only_receiving) {
        return {};
    }
    if (!sends_from_here(shared) && !options.only_sending) {
        return trace_of_sending(shared);
    }
    const auto jobs = states(shared, asked_age(options));
    auto findings = job_findings(jobs, now());
    for (auto& said : receiver_findings(jobs, now())) {
        findings.push_back(std::move(said));
    }
    for (auto& lack : what_the_history_lacks()) {
        findings.push_back(std::move(lack));
    }
    for (auto& away : disks_long_away(shared)) {
        findings.push_back(std::move(away));
    }
    for (auto& late : findings_of(rotation_standings(shared), now())) {
        findings.push_back(std::move(late));
    }
    return findings;
}

std::vector<Finding> paused_tags(const Shared& /*shared*/, const Options& options) {
    return options.only_receiving ? std::vector<Finding>{} : what_is_paused();
}

std::vector<Finding> receiving_side(const Shared& /*shared*/, const Options& options) {
    if (options.only_sending) {
        return {};
    }
    if (!options.only_receiving && !sys::is_there(receive::config_path)) {
        return trace_of_receiving();
    }
    HealthLimits limits;
    limits.max_age = asked_age(options);
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
    const std::vector<Side> sides{sending_side, paused_tags, receiving_side,
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
    command
        ->add_option(
            "--max-age", options->max_age,
            "how old the newest backup of each job may be; otherwise as max_age has it, or "
            "as learnt")
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
