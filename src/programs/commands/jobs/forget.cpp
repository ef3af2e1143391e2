#include <fmt/format.h>

#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::commands {
namespace {

ExitCode forget(const Shared& shared, const std::string& job) {
    const auto count =
        admin::forget_job(configured_jobs_if_readable(shared), history_of(shared), job);
    if (count == 0) {
        throw Failure(ExitCode::configuration,
                      fmt::format("no run of {} is known", escape_text(job)));
    }
    print(fmt::format("{} of {} forgotten; its backups are untouched\n",
                      count == 1 ? "1 run" : fmt::format("{} runs", count), escape_text(job)));
    return ExitCode::done;
}

}  // namespace

Command declare_forget(CLI::App& app, const Shared& shared) {
    const auto job = std::make_shared<std::string>();
    auto* const command =
        app.add_subcommand("forget", "remove a job that is no more from the history");
    command->add_option("JOB", *job, "its name")->required();
    return {command, [&shared, job] { return forget(shared, *job); }};
}

}  // namespace snapferry::commands
