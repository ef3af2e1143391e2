#include <fmt/format.h>

#include "parts.h"
#include "snapferry/admin/report/html.h"

namespace snapferry::admin {
namespace {

std::string command(const std::string& line) {
    return fmt::format("<pre>{}</pre>\n", html_text(line));
}

/// `from`: "--from LOGIN ", or nothing where the backups are here. PATH is what a person fills in.
std::string files_html(const std::string& from, const std::string& tag) {
    return "<p>Which versions of a file or folder there are; then the one of a moment, into a "
           "folder "
           "of its own:</p>\n" +
           command(fmt::format("sudo snapferry versions {}{} PATH", from, tag)) +
           command(
               fmt::format("sudo snapferry restore {}{} PATH --at '2 days ago' --to /tmp/restored",
                           from, tag)) +
           "<p>Where a file is, when only its name is known:</p>\n" +
           command(fmt::format("sudo snapferry find {}{} 'NAME*'", from, tag));
}

std::string opened(const std::string& html) {
    return "<details>\n<summary>Getting it back</summary>\n" + html + "</details>\n";
}

}  // namespace

std::string restore_html(const JobReport& job) {
    const auto& identity = job.state.identity;
    const auto login = job.login.empty() ? "YOU@" + identity.host : job.login;
    const auto from = fmt::format("--from {} ", login);
    auto html = files_html(from, identity.dest_tag);
    if (identity.is_known()) {
        html += "<p>All of it, onto a new disk (SUBVOLUME is what it becomes):</p>\n" +
                command(fmt::format("sudo snapferry restore {}{} --all --into {} --as SUBVOLUME",
                                    from, identity.dest_tag, identity.snapshot_dir));
    }
    return opened(html);
}

std::string restore_html(const std::string& tag) {
    return opened(files_html("", tag) +
                  "<p>Whether it can be got back at all, by a sample that is compared:</p>\n" +
                  command("sudo snapferry drill " + tag));
}

}  // namespace snapferry::admin
