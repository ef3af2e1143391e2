#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/admin/report/page.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::commands {
namespace {

ExitCode write_report(const Shared& shared, const std::string& html) {
    constexpr unsigned for_everybody = 0644;  // less what the umask says
    const auto jobs = admin::look_at_runs(configured_jobs(shared), history_of(shared));
    sys::replace_file(html, admin::report_page(jobs, now()), for_everybody);
    return ExitCode::done;
}

}  // namespace

Command declare_report(CLI::App& app, const Shared& shared) {
    const auto html = std::make_shared<std::string>();
    auto* const command = app.add_subcommand("report", "the history as a page to look at");
    command->add_option("--html", *html, "the file to write")->required()->type_name("FILE");
    return {command, [&shared, html] { return write_report(shared, *html); }};
}

}  // namespace snapferry::commands
