#include <unistd.h>

#include <memory>
#include <optional>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/admin/status/status.h"
#include "snapferry/sys/machine/screen.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::optional<std::string> job;
    std::size_t limit = 20;  // runs that a person looks at
    bool json = false;
};

ExitCode show_history(const Shared& shared, const Options& options) {
    const auto runs = admin::last_runs(configured_jobs_if_readable(shared), history_of(shared),
                                       options.job, options.limit);
    print(options.json ? admin::history_json(runs)
                       : admin::history_text(runs, sys::look_at_screen(STDOUT_FILENO)));
    return ExitCode::done;
}

}  // namespace

Command declare_history(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand("history", "what the runs came to, the newest first");
    command->add_option("JOB", options->job, "of this job only");
    command->add_option("--limit", options->limit, "so many at most")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}))
        ->type_name("COUNT");
    command->add_flag("--json", options->json, "as JSON");
    return {command, [&shared, options] { return show_history(shared, *options); }};
}

}  // namespace snapferry::commands
