#include "snapferry/admin/backup_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/admin/text_table.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/core/unicode/display_width.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

constexpr sys::Screen page{80, false};  // columns; what a terminal, a mail and a printer show
constexpr std::size_t name_width = 33;  // columns; a name that is a time and a tag fits

/// To the minute.
std::string minute_text(std::chrono::sys_seconds time) {
    constexpr std::size_t to_the_minute = 16;  // bytes: "2026-11-25 07:15"
    return sys::local_time_text(time).substr(0, to_the_minute);
}

std::string line(const std::string& name, const std::string& taken, const std::string& arrived,
                 const std::string& size) {
    const auto pad = name_width - std::min(name_width, display_width(name));
    return fmt::format("  {}{}  {:<16}  {:<16}  {:>7}\n", name, std::string(pad, ' '), taken,
                       arrived, size);
}

std::string count_text(std::size_t count) {
    return count == 1 ? "1 backup" : fmt::format("{} backups", count);
}

std::string entry(const ListedBackup& listed, const proof::When& now) {
    const auto name = safe_line(listed.decision.backup.name.text());
    const auto taken = time_in_name(listed.decision.backup.name.text());
    const auto size = listed.new_bytes ? byte_text(*listed.new_bytes) : "?";
    std::string text;
    const bool fits = display_width(name) <= name_width;
    if (!fits) {
        text = "  " + cut_to_width(name, *page.width - 2) + "\n";
    }
    text += line(fits ? name : "", taken ? minute_text(*taken) : "?", minute_text(listed.arrived),
                 size);
    const auto& decision = listed.decision;
    if (!decision.reason.empty()) {
        text += wrapped_text(
            decision.keep ? fmt::format("  - {}; goes when {}", decision.reason, decision.goes_when)
                          : fmt::format("  - to be pruned: {}", decision.reason),
            page);
    }
    return text + wrapped_text("  - " + state_text(listed.proof, listed.has_manifest, now), page);
}

std::string drill_text(const proof::Drill& drill, const proof::When& now) {
    const auto ago = duration_text(age_of(drill.when, now));
    return drill.outcome == proof::Outcome::well
               ? fmt::format("the drill of {} ago got {} files ({}) of {} back whole", ago,
                             drill.files, byte_text(drill.bytes), safe_line(drill.backup))
               : fmt::format("! the drill of {} ago WENT WRONG{}", ago,
                             drill.first.empty() ? "" : ": " + drill.first.front());
}

std::string total_text(const ListedTag& tag) {
    std::uint64_t bytes = 0;
    std::size_t uncounted = 0;
    for (const auto& listed : tag.backups) {
        bytes += listed.new_bytes.value_or(0);
        uncounted += listed.new_bytes ? 0 : 1;
    }
    return fmt::format("{}: {}, {}{} of new data; {}", tag.tag, count_text(tag.backups.size()),
                       uncounted > 0 ? "at least " : "", byte_text(bytes), tag.policy);
}

std::string tag_text(const ListedTag& tag, std::optional<std::size_t> limit) {
    auto text = wrapped_text(total_text(tag), page);
    for (const auto& held : tag.held) {
        text += wrapped_text("! " + held, page);
    }
    if (tag.drill) {
        text += wrapped_text(drill_text(*tag.drill, tag.now), page);
    }
    if (!tag.backups.empty()) {
        text += line("NAME", "TAKEN", "ARRIVED", "NEW");
    }
    const auto shown = std::min(tag.backups.size(), limit.value_or(tag.backups.size()));
    for (std::size_t index = 0; index < shown; ++index) {
        text += entry(tag.backups[index], tag.now);
    }
    if (shown < tag.backups.size()) {
        text += fmt::format("  and {} older; --all shows them\n", tag.backups.size() - shown);
    }
    return text;
}

}  // namespace

std::string backup_list_text(std::span<const ListedTag> tags, const ListedDisk& disk,
                             std::optional<std::size_t> limit) {
    auto text =
        wrapped_text(fmt::format("{} free of {}; {}", byte_text(disk.free), byte_text(disk.total),
                                 disk.scrubbed ? "last scrubbed on " + minute_text(*disk.scrubbed)
                                               : "never scrubbed, as far as is known"),
                     page);
    if (tags.empty()) {
        text += "no backups yet\n";
    }
    for (const auto& tag : tags) {
        text += "\n" + tag_text(tag, limit);
    }
    return text;
}

std::string prune_plan_text(const ListedTag& tag) {
    const auto gone = static_cast<std::size_t>(
        std::count_if(tag.backups.begin(), tag.backups.end(),
                      [](const ListedBackup& listed) { return !listed.decision.keep; }));
    auto text = wrapped_text(fmt::format("{}: {} of {} to be deleted, by {}", tag.tag, gone,
                                         count_text(tag.backups.size()), tag.policy),
                             page);
    for (const auto& listed : tag.backups) {
        const auto& decision = listed.decision;
        const auto name = cut_to_width(safe_line(decision.backup.name.text()), *page.width - 9);
        text += fmt::format("  {} {}\n", decision.keep ? "keep  " : "DELETE", name);
        text += wrapped_text(
            fmt::format("  - {}{}", decision.reason,
                        decision.keep ? "; goes when " + decision.goes_when : std::string()),
            page);
    }
    return text;
}

}  // namespace snapferry::admin
