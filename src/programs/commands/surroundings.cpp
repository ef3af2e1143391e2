#include "surroundings.h"

#include <fmt/format.h>

#include <cstdio>

#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/send/job/config.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/pauses.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::commands {

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

std::filesystem::path history_of(const Shared& shared) {
    return sys::history_file(shared.state_dir);
}

std::vector<NamedJob> configured_jobs(const Shared& shared) {
    std::vector<NamedJob> jobs;
    if (shared.config != send::config_path || sys::is_there(shared.config)) {
        for (const auto& job : send::load_jobs(shared.config)) {
            jobs.push_back({job.name, send::identity_of(job)});
        }
    }
    return jobs;
}

std::vector<NamedJob> configured_jobs_if_readable(const Shared& shared) {
    try {
        return configured_jobs(shared);
    } catch (const Failure&) {
        return {};
    }
}

std::vector<admin::JobState> states(const Shared& shared) {
    auto states = admin::look_at_jobs(configured_jobs(shared), history_of(shared));
    for (auto& state : states) {
        if (const auto pause = sys::Pauses().of(state.identity.dest_tag)) {
            state.paused = sys::pause_text(*pause);
        }
    }
    return states;
}

}  // namespace snapferry::commands
