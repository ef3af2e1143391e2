#include "what_to_send.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "../setup/setup_command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sender/sender_names.h"
#include "snapferry/core/setup/sender/series.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/setup/sender/sender_setup.h"
#include "snapferry/setup/sender/snapshots_here.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::commands {
namespace {

using setup::Series;

/// As a person and as snapferry writes it; send.toml is read from anywhere.
std::string plain(const std::string& directory) {
    std::error_code error;  // where this is; then it stays as it was said
    const auto whole = std::filesystem::absolute(directory, error);
    const auto path = (error ? std::filesystem::path(directory) : whole).lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).native();
}

/// The backups of other machines, where this one has a backup disk, are not to be sent on.
std::optional<std::string> backups_here() {
    try {
        return sys::is_there(receive::config_path)
                   ? std::optional(receive::load_config(receive::config_path).target_dir.native())
                   : std::nullopt;
    } catch (const Failure&) {
        return std::nullopt;
    }
}

bool lies_in(const std::string& directory, const std::string& above) {
    return directory == above || directory.starts_with(above + "/");
}

std::vector<Series> snapshots_that_are_no_backups() {
    auto all = setup::snapshots_here();
    if (const auto backups = backups_here()) {
        std::erase_if(all,
                      [&](const Series& series) { return lies_in(series.directory, *backups); });
    }
    return all;
}

std::vector<Series> series_meant(const WhatToSend& wanted) {
    auto all = wanted.snapshot_dir.empty() ? snapshots_that_are_no_backups()
                                           : setup::snapshots_in(plain(wanted.snapshot_dir));
    std::erase_if(all, [&](const Series& series) {
        return !wanted.source_tag.empty() && series.source_tag != wanted.source_tag;
    });
    return all;
}

[[noreturn]] void refuse_nothing(const WhatToSend& wanted) {
    throw Failure(ExitCode::directory_missing,
                  fmt::format("there is no read-only snapshot with a name that ends in @{}{}{}",
                              wanted.source_tag.empty() ? "TAG" : escape_text(wanted.source_tag),
                              wanted.snapshot_dir.empty() ? " on this machine" : " in ",
                              escape_text(wanted.snapshot_dir)),
                  "have them made every day: --make-snapshots-of SUBVOLUME, for example /data; or "
                  "make them as you like: see rotate in snapferry(8)");
}

constexpr auto say_which =
    "say which by --snapshots and --source-tag, or run it from a terminal to be asked";

std::string list_of(const std::vector<std::string>& choices) {
    std::string text;
    for (std::size_t index = 0; index < choices.size(); ++index) {
        text += fmt::format("  {}  {}\n", index + 1, choices[index]);
    }
    return text;
}

std::size_t choose_number(const std::string& question, const std::vector<std::string>& choices,
                          const std::string& otherwise) {
    print(list_of(choices));
    for (;;) {
        const auto text =
            has_terminal() ? ask_line(fmt::format("{} [1-{}] ", question, choices.size())) : "";
        if (text.empty()) {
            throw Failure(ExitCode::configuration,
                          "nothing was changed: several could be meant, and none was chosen",
                          otherwise);
        }
        std::size_t number = 0;
        const auto* const end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc() && stopped == end && number >= 1 && number <= choices.size()) {
            return number - 1;
        }
    }
}

/// What is mounted here of btrfs, and is no backup disk.
std::vector<std::string> subvolumes_here() {
    const auto backups = backups_here();
    std::set<std::string> found;
    for (const auto& mount : sys::current_mounts()) {
        const auto& point = mount.point.native();
        if (mount.filesystem_type == "btrfs" && !(backups && lies_in(*backups, point))) {
            found.insert(point);
        }
    }
    return {found.begin(), found.end()};
}

/// For who has no snapshots yet, and sits at a terminal.
std::string choose_what_to_make(const WhatToSend& wanted) {
    const auto subvolumes = subvolumes_here();
    if (subvolumes.empty() || !has_terminal()) {
        refuse_nothing(wanted);
    }
    print("There are no snapshots yet that could be sent. The daemon can make one every day.\n");
    return subvolumes[choose_number("Of which of these?", subvolumes,
                                    "say of which by --make-snapshots-of SUBVOLUME")];
}

WhatToSend with_made(WhatToSend wanted) {
    const auto info = btrfs::subvolume_info(wanted.make_of, ExitCode::directory_missing);
    if (!info || info->read_only) {
        throw Failure(
            ExitCode::directory_missing,
            fmt::format("{} is no btrfs subvolume that changes", escape_text(wanted.make_of)),
            "snapshots are made of whole subvolumes: btrfs subvolume list shows them");
    }
    wanted.make_of = plain(wanted.make_of);
    wanted.snapshot_dir = wanted.snapshot_dir.empty()
                              ? (std::filesystem::path(wanted.make_of) / ".snapshots").native()
                              : plain(wanted.snapshot_dir);
    wanted.source_tag = wanted.source_tag.empty() ? "daily" : wanted.source_tag;
    return wanted;
}

Series choose_series(std::vector<Series> series) {
    std::vector<std::string> choices;
    choices.reserve(series.size());
    for (const auto& one : series) {
        choices.push_back(setup::series_text(one));
    }
    const auto index =
        series.size() == 1 ? 0 : choose_number("Which of these is to be sent?", choices, say_which);
    return std::move(series[index]);
}

/// The job to this machine that the line means; nothing where it means none that is there.
std::optional<send::Job> job_meant(const WhatToSend& wanted, std::vector<send::Job> jobs) {
    std::erase_if(jobs, [&](const send::Job& job) {
        return (!wanted.tag.empty() && job.dest_tag.text() != wanted.tag) ||
               (!wanted.snapshot_dir.empty() &&
                plain(job.snapshot_dir.native()) != plain(wanted.snapshot_dir)) ||
               (!wanted.source_tag.empty() && job.source_tag != wanted.source_tag);
    });
    if (jobs.empty()) {
        return std::nullopt;
    }
    std::vector<std::string> choices;
    choices.reserve(jobs.size());
    for (const auto& job : jobs) {
        choices.push_back(fmt::format("{}, from @{} of {}", job.dest_tag.text(),
                                      escape_text(job.source_tag),
                                      escape_text(job.snapshot_dir.native())));
    }
    const auto index = jobs.size() == 1 ? 0
                                        : choose_number("Which of these that go there already?",
                                                        choices, "say which by --tag");
    return std::move(jobs[index]);
}

void require_free(const std::string& tag, const std::vector<send::Job>& jobs) {
    const bool is_taken =
        std::ranges::any_of(jobs, [&](const send::Job& job) { return job.dest_tag.text() == tag; });
    if (tag.empty() || is_taken) {
        throw Failure(ExitCode::configuration,
                      tag.empty() ? std::string("what is sent has no name that can be a tag there")
                                  : fmt::format("{} is another job's tag there already", tag),
                      "say what these backups are to be called there: --tag NAME");
    }
}

}  // namespace

void declare_which_snapshots(CLI::App& command, WhatToSend& what) {
    command.add_option("--snapshots", what.snapshot_dir, "the directory of the snapshots")
        ->type_name("DIR");
    command
        .add_option("--source-tag", what.source_tag,
                    "the newest of those whose names end in @ and this is sent")
        ->type_name("TAG");
    command
        .add_option("--make-snapshots-of", what.make_of,
                    "have the daemon make them of this, every day")
        ->type_name("SUBVOLUME");
}

WhatToSend choose_what_to_send(WhatToSend wanted, const std::filesystem::path& config,
                               const std::string& host, unsigned port) {
    const auto jobs = setup::jobs_to(config, host, port);
    if (const auto job = job_meant(wanted, jobs)) {
        return {job->dest_tag.text(), job->snapshot_dir.native(), job->source_tag, wanted.make_of};
    }
    auto series = series_meant(wanted);
    if (wanted.make_of.empty() && series.empty()) {
        wanted.make_of = choose_what_to_make(wanted);
    }
    if (!wanted.make_of.empty()) {
        wanted = with_made(std::move(wanted));
    } else {
        const auto chosen = choose_series(std::move(series));
        wanted.snapshot_dir = chosen.directory;
        wanted.source_tag = chosen.source_tag;
    }
    if (wanted.tag.empty()) {
        wanted.tag = setup::tag_for(wanted.snapshot_dir, wanted.source_tag);
        require_free(wanted.tag, jobs);
    }
    return wanted;
}

WhatToSend choose_what_to_take_back(const WhatToSend& wanted, const std::filesystem::path& config,
                                    const std::string& host, unsigned port) {
    if (const auto job = job_meant(wanted, setup::jobs_to(config, host, port))) {
        return {job->dest_tag.text(), job->snapshot_dir.native(), job->source_tag};
    }
    if (wanted.tag.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("no job goes to {} port {}", escape_text(host), port),
                      "say which --tag is to be taken back there");
    }
    return wanted;
}

setup::SenderWishes wishes_for(const WhatToSend& what, const Shared& shared) {
    setup::SenderWishes wishes(Tag::parse(what.tag));
    wishes.snapshot_dir = what.snapshot_dir;
    wishes.source_tag = what.source_tag;
    wishes.make_of = what.make_of;
    wishes.config = shared.config;
    return wishes;
}

}  // namespace snapferry::commands
