#include "surroundings.h"
#include "jobs/untold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/arrival_note.h"
#include "snapferry/receive/backups/receiving_status.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/here/complete_facts.h"
#include "snapferry/send/link/acquaintance.h"
#include "snapferry/send/memory/sender_memory.h"
#include "snapferry/send/rotation/how_rotations_stand.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/history_trouble.h"
#include "snapferry/sys/machine/local_time.h"
#include "snapferry/sys/pauses.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::commands {

using std::chrono::seconds;

namespace {

/// Without a configuration there are none: the classic form of snapshot-send needs no file.
std::vector<send::Job> jobs_of(const Shared& shared) {
    return is_to_be_read(shared) ? send::load_jobs(shared.config) : std::vector<send::Job>{};
}

std::vector<NamedJob> named(const std::vector<send::Job>& jobs) {
    std::vector<NamedJob> named;
    named.reserve(jobs.size());
    for (const auto& job : jobs) {
        named.push_back({job.name, send::identity_of(job)});
    }
    return named;
}

/// What neither the configuration's names nor the history tell of it.
void complete(admin::JobState& state, const std::vector<send::Job>& jobs,
              const std::optional<seconds>& asked) {
    const auto job = std::find_if(jobs.begin(), jobs.end(), [&](const send::Job& one) {
        return send::identity_of(one) == state.identity;
    });
    const auto configured = job == jobs.end() ? std::nullopt : job->max_age;
    send::complete(state, asked ? asked : configured);
    if (asked) {
        state.allowed = age_asked_for(*asked);
    }
}

/// What is remembered of a job is looked at here; what is wrong with it, its next run says.
class NobodyListens final : public Log {
  public:
    void write(Severity /*severity*/, std::string_view /*line*/) override {}
};

/// A job's own words tell that its tag is paused.
bool is_said(const Finding& pause, const std::vector<admin::JobState>& jobs) {
    return std::any_of(jobs.begin(), jobs.end(), [&](const admin::JobState& state) {
        return !state.paused.empty() &&
               pause.text.starts_with(state.identity.dest_tag + " is paused");
    });
}

void take(std::vector<Finding> findings, std::vector<Finding>& into) {
    std::move(findings.begin(), findings.end(), std::back_inserter(into));
}

void look_at_sending(const Shared& shared, Standing& standing) {
    if (sends_from_here(shared)) {
        standing.jobs = states(shared);
        standing.rotations = rotation_standings(shared);
    } else {
        take(trace_of_sending(shared), standing.others);
    }
    take(what_the_history_lacks(), standing.others);
    take(disks_long_away(shared), standing.others);
    take(untold(shared.state_dir, "send"), standing.others);
    for (auto& pause : what_is_paused()) {
        if (!is_said(pause, standing.jobs)) {
            standing.others.push_back(std::move(pause));
        }
    }
}

void look_at_receiving(const Shared& shared, Standing& standing) {
    take(untold(shared.state_dir, "receive"), standing.others);
    try {
        standing.receiving =
            receive::look_at_receiving(receive::load_config(receive::config_path), {});
    } catch (const Failure& failure) {
        standing.others.push_back({CheckState::unknown, failure_text(failure)});
    }
}

}  // namespace

WallTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void print(const std::string& text) {
    if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
        throw sys::system_failure(ExitCode::internal, "write to standard output");
    }
}

void refuse_usage(const std::string& why) {
    throw Failure(ExitCode::configuration, why, "snapferry --help shows the usage");
}

std::chrono::seconds duration_in(const std::string& text, std::string_view option) {
    const auto duration = parse_duration(text);
    if (!duration) {
        refuse_usage(fmt::format("{} is a duration such as 90min, 26h or 7d", option));
    }
    return *duration;
}

bool is_to_be_read(const Shared& shared) {
    return shared.config != send::config_path || sys::is_there(shared.config);
}

std::filesystem::path history_of(const Shared& shared) {
    return sys::history_file(shared.state_dir);
}

std::vector<NamedJob> configured_jobs(const Shared& shared) {
    return named(jobs_of(shared));
}

std::vector<NamedJob> configured_jobs_if_readable(const Shared& shared) {
    try {
        return configured_jobs(shared);
    } catch (const Failure&) {
        return {};
    }
}

std::vector<admin::JobState> states(const Shared& shared, const std::optional<seconds>& max_age) {
    const auto jobs = jobs_of(shared);
    auto states = admin::look_at_jobs(named(jobs), history_of(shared));
    for (auto& state : states) {
        complete(state, jobs, max_age);
    }
    return states;
}

std::vector<Finding> what_is_paused() {
    std::vector<Finding> findings;
    for (const auto& pause : sys::Pauses().all()) {
        findings.push_back(
            {CheckState::warning, fmt::format("{0} is {1}; snapferry resume {0} lets it be sent "
                                              "again",
                                              pause.tag, sys::pause_text(pause))});
    }
    return findings;
}

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

std::vector<RotationStanding> rotation_standings(const Shared& shared) {
    return is_to_be_read(shared)
               ? send::how_rotations_stand(send::load_config(shared.config).rotations,
                                           std::chrono::floor<seconds>(now()))
               : std::vector<RotationStanding>{};
}

std::vector<Finding> disks_long_away(const Shared& shared) {
    std::vector<Finding> findings;
    NobodyListens log;
    for (const auto& job : jobs_of(shared)) {
        const send::SenderMemory memory(job.snapshot_dir, send::identity_of(job), log);
        for (const auto& disk : memory.absent_disks()) {
            if (disk.disk && disk.away.days >= send::worth_telling_days_away) {
                findings.push_back(
                    {CheckState::warning,
                     fmt::format(
                         "{0}: the disk UUID={1} has not been in on {2} days on which it ran; if "
                         "it is no more: snapferry forget-disk {0} {1}",
                         escape_text(job.name), disk.disk->text(), disk.away.days)});
            }
        }
    }
    return findings;
}

std::vector<Finding> what_the_history_lacks() {
    const auto trouble = sys::history_trouble();
    if (!trouble) {
        return {};
    }
    return {{CheckState::unknown,
             fmt::format(
                 "what the runs came to since {} could not be noted, so how the jobs are is not "
                 "known: {}",
                 sys::local_time_text(trouble->since), escape_text(trouble->why))}};
}

std::vector<Finding> trace_of_receiving() {
    const auto arrivals = receive::noted_arrivals(receive::arrival_notes);
    if (arrivals.empty() || sys::is_there(receive::config_path)) {
        return {};
    }
    return {
        {CheckState::unknown,
         fmt::format("backups were received here ({0} tells), but {1} is not there: nothing can be "
                     "received. If that is meant: rm -r {0}",
                     receive::arrival_notes, receive::config_path)}};
}

bool sends_from_here(const Shared& shared) {
    return sys::is_there(shared.config) || sys::is_there(history_of(shared));
}

Standing standing(const Shared& shared, Sides sides) {
    Standing standing;
    const bool receives = sys::is_there(receive::config_path);
    const bool looks_at_both = sides == Sides::both && receives;
    if (sides != Sides::receiving) {
        try {
            look_at_sending(shared, standing);
        } catch (const Failure& failure) {
            if (!looks_at_both) {
                throw;
            }
            standing.others.push_back({CheckState::unknown, failure_text(failure)});
        }
    }
    if (sides == Sides::receiving || looks_at_both) {
        look_at_receiving(shared, standing);
    } else if (sides == Sides::both) {
        take(trace_of_receiving(), standing.others);
    }
    return standing;
}

}  // namespace snapferry::commands
