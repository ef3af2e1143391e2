#include <fmt/format.h>

#include <string_view>

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

/// As a shell takes it, whatever is in it.
std::string quoted(const std::string& path) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    if (path.find_first_not_of(plain) == std::string::npos) {
        return path;
    }
    std::string quoted = "'";
    for (const char character : path) {
        quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
    }
    return quoted + "'";
}

/// A person logs in at the port at which the sender does, as far as is known.
std::string login_of(const JobReport& job) {
    constexpr unsigned usual_port = 22;
    const auto& identity = job.state.identity;
    if (!job.login.empty()) {
        return job.login;
    }
    const bool is_usual = identity.port == 0 || identity.port == usual_port;
    const bool is_v6 = identity.host.find(':') != std::string::npos;
    const auto host = is_v6 && !is_usual ? "[" + identity.host + "]" : identity.host;
    return fmt::format("YOU@{}{}", host, is_usual ? "" : fmt::format(":{}", identity.port));
}

std::string opened(const std::string& html) {
    return "<details>\n<summary>Getting it back</summary>\n" + html + "</details>\n";
}

}  // namespace

std::string restore_html(const JobReport& job) {
    const auto& identity = job.state.identity;
    if (identity.host.starts_with(JobIdentity::local_prefix)) {
        return opened("<p>With the disk mounted here, at DIR:</p>\n" +
                      files_html("--disk DIR ", identity.dest_tag));
    }
    const auto from = fmt::format("--from {} ", login_of(job));
    auto html = files_html(from, identity.dest_tag);
    if (identity.is_known()) {
        html += "<p>All of it, onto a new disk (SUBVOLUME is what it becomes):</p>\n" +
                command(fmt::format("sudo snapferry restore {}{} --all --into {} --as SUBVOLUME",
                                    from, identity.dest_tag, quoted(identity.snapshot_dir)));
    }
    return opened(html);
}

std::string restore_html(const std::string& tag) {
    return opened(files_html("", tag) +
                  "<p>Whether it can be got back at all, by a sample that is compared:</p>\n" +
                  command("sudo snapferry drill " + tag));
}

}  // namespace snapferry::admin
