#include <cstdio>

#include <CLI/CLI.hpp>

#include "snapferry/core/check.h"
#include "snapferry/core/duration_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/config.h"
#include "snapferry/receive/health.h"
#include "snapferry/sys/program.h"

namespace {

using namespace snapferry;

std::chrono::seconds duration_in(const std::string& text) {
    if (const auto duration = parse_duration(text)) {
        return *duration;
    }
    throw Failure(ExitCode::configuration, "a duration is a number with a unit, such as 26h or 7d");
}

/// Its exit codes are those of the monitors that call it.
int check(const HealthLimits& limits) {
    sys::require_root("the backup disk is root's");
    const auto findings = receive::check_health(receive::load_config(receive::config_path), limits);
    std::fputs(check_text(findings).c_str(), stdout);
    return static_cast<int>(worst_of(findings));
}

ExitCode run(int argc, char** argv) {
    CLI::App app{"Looks after the backups of snapferry.", "snapferry"};
    app.require_subcommand(1);
    auto* const checking = app.add_subcommand("check", "tell how the backup disk is");
    std::string max_age = "26h";
    std::string max_scrub_age = "35d";
    checking->add_option("--max-age", max_age, "how old a newest backup may be")
        ->capture_default_str();
    checking->add_option("--max-scrub-age", max_scrub_age, "how long ago the last scrub may be")
        ->capture_default_str();
    std::vector<std::string> tags;
    checking->add_option("TAG", tags, "only these; else all");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<ExitCode>(app.exit(error));
    }
    HealthLimits limits;
    limits.max_age = duration_in(max_age);
    limits.max_scrub_age = duration_in(max_scrub_age);
    for (const auto& tag : tags) {
        limits.tags.push_back(Tag::parse(tag));
    }
    return static_cast<ExitCode>(check(limits));
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapferry", [&] { return run(argc, argv); });
}
