#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/history.h"
#include "surroundings.h"

namespace snapferry::commands {
namespace {

ExitCode forget(const Shared& shared, const std::string& job) {
    auto store = sys::History::open_existing(history_of(shared));
    const auto count = store ? store->forget(job) : 0;
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
