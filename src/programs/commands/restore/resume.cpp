#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/sys/pauses.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

/// The tag of a job of that name, or what may be a tag itself.
std::string tag_meant(const Shared& shared, const std::string& name) {
    const auto jobs = configured_jobs_if_readable(shared);
    const auto job =
        std::ranges::find_if(jobs, [&](const NamedJob& one) { return one.name == name; });
    return job == jobs.end() ? name : job->identity.dest_tag;
}

ExitCode resume(const Shared& shared, const std::string& name) {
    sys::require_root("only root may let jobs go on");
    const sys::Pauses pauses;
    const auto tag = tag_meant(shared, name);
    if (!pauses.end(tag)) {
        std::vector<std::string> paused;
        for (const auto& pause : pauses.all()) {
            paused.push_back(pause.tag);
        }
        throw Failure(ExitCode::configuration, fmt::format("{} is not paused", escape_text(name)),
                      paused.empty() ? "nothing is" : hint_of_words(name, paused));
    }
    print(fmt::format("{} is sent again from the next run on\n", tag));
    return ExitCode::done;
}

}  // namespace

Command declare_resume(CLI::App& app, const Shared& shared) {
    const auto name = std::make_shared<std::string>();
    auto* const command = app.add_subcommand(
        "resume", "let a job be sent again that was paused when its backup was brought back");
    command->add_option("JOB", *name, "its name, or its tag at the receiver")->required();
    return {command, [&shared, name] { return resume(shared, *name); }};
}

}  // namespace snapferry::commands
