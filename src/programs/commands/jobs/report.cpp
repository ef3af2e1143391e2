#include "snapferry/admin/report/page.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/person_address.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::commands {
namespace {

/// By the machine's name.
std::map<std::string, std::string> logins_of(const Shared& shared) {
    std::map<std::string, std::string> logins;
    try {
        for (const auto& [receiver, login] : send::load_logins(shared.config)) {
            logins.emplace(parse_person_address(login).host, login);
        }
    } catch (const Failure&) {
        logins.clear();  // then who reads the page fills it in
    }
    return logins;
}

/// What cannot be looked at is a finding of the standing already.
std::vector<ListedTag> listed_tags() {
    std::vector<ListedTag> tags;
    try {
        const auto config = receive::load_config(receive::config_path);
        for (const auto& tag : receive::tags_of(config)) {
            tags.push_back(receive::listed(receive::look_at_tag(config, tag)));
        }
    } catch (const std::exception&) {
        tags.clear();
    }
    return tags;
}

admin::Report report_of(const Shared& shared) {
    admin::Report report;
    report.standing = standing(shared, Sides::both);
    report.jobs = admin::with_runs(report.standing.jobs, history_of(shared));
    const auto logins = logins_of(shared);
    for (auto& job : report.jobs) {
        const auto login = logins.find(job.state.identity.host);
        job.login = login == logins.end() ? "" : login->second;
    }
    if (report.standing.receiving && report.standing.receiving->disk) {
        report.tags = listed_tags();
    }
    return report;
}

void write(const std::filesystem::path& file, const admin::Report& report) {
    constexpr unsigned for_everybody = 0644;
    sys::replace_file(file, admin::report_page(report, now()), for_everybody);
}

/// As the configurations name them; and what keeps one of these from being read.
struct FilesToKeepUp {
    std::set<std::filesystem::path> files{};
    std::optional<Failure> failure{};
};

FilesToKeepUp files_to_keep_up(const Shared& shared) {
    FilesToKeepUp found;
    const auto attempt = [&](const std::function<void()>& look) {
        try {
            look();
        } catch (const Failure& failure) {
            found.failure = found.failure ? found.failure : failure;
        }
    };
    attempt([&] {
        if (is_to_be_read(shared)) {
            if (const auto file = send::load_config(shared.config).report_file) {
                found.files.insert(*file);
            }
        }
    });
    attempt([&] {
        if (sys::is_there(receive::config_path)) {
            if (auto file = receive::load_config(receive::config_path).report_file; !file.empty()) {
                found.files.insert(std::move(file));
            }
        }
    });
    return found;
}

ExitCode write_report(const Shared& shared, const std::string& html) {
    if (!html.empty()) {
        write(html, report_of(shared));
        return ExitCode::done;
    }
    const auto [files, failure] = files_to_keep_up(shared);
    if (files.empty() && failure) {
        throw Failure(*failure);
    }
    if (files.empty()) {
        refuse_usage("say --html FILE, or report_file in send.toml or receive.toml");
    }
    auto report = report_of(shared);
    report.is_kept_up = true;
    for (const auto& file : files) {
        write(file, report);
    }
    if (failure) {
        throw Failure(*failure);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_report(CLI::App& app, const Shared& shared) {
    const auto html = std::make_shared<std::string>();
    auto* const command = app.add_subcommand("report", "all of it as a page to look at");
    command
        ->add_option("--html", *html,
                     "the file to write; otherwise report_file of the configuration is kept up")
        ->type_name("FILE");
    return {command, [&shared, html] { return write_report(shared, *html); }};
}

}  // namespace snapferry::commands
