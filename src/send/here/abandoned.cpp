#include "snapferry/send/here/abandoned.h"

#include <exception>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/plan/disuse.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr std::size_t largest_note = 64;  // bytes

/// A tag, or a tag, a dot and a digest. Whatever else lies there is not ours.
bool is_name_of_job(const std::string& name) {
    constexpr std::size_t digest = 32;
    const auto dot = name.find('.');
    return Tag::is_tag(name.substr(0, dot)) &&
           (dot == std::string::npos ||
            (name.size() == dot + 1 + digest &&
             name.find_first_not_of("0123456789abcdef", dot + 1) == std::string::npos));
}

/// Those that have pins or a memory. A subvolume is no place of pins: a receiver that keeps its
/// backups here works in such.
std::set<std::string> names_in(const std::filesystem::path& home) {
    constexpr std::string_view memory = ".memory.json";
    std::set<std::string> names;
    for (const auto& entry : sys::entries_of(home, ExitCode::sending)) {
        const bool is_memory = entry.kind == sys::EntryKind::file && entry.name.ends_with(memory);
        const bool is_place =
            entry.kind == sys::EntryKind::directory && !btrfs::subvolume_info(entry.path);
        const auto name =
            is_memory ? entry.name.substr(0, entry.name.size() - memory.size()) : entry.name;
        if ((is_memory || is_place) && is_name_of_job(name)) {
            names.insert(name);
        }
    }
    return names;
}

Disuse one_more_day(const std::filesystem::path& home, const std::string& name,
                    std::chrono::sys_days today) {
    const auto file = unused_note(home, name);
    const auto text = sys::read_small_file(file, largest_note);
    const auto before = text ? parse_disuse(*text).value_or(Disuse{}) : Disuse{};
    const auto now = after_a_day(before, today.time_since_epoch().count());
    if (now != before) {
        sys::replace_file(file, disuse_text(now));
    }
    return now;
}

void remove(const std::filesystem::path& home, const std::string& name, Log& log) {
    const auto place = pins_place(home, name);
    delete_pins(place, log);
    if (!sys::kind_of(place)) {  // else there is more to be done, another day
        sys::delete_file(memory_file(home, name));
        sys::delete_file(digests_file(home, name));
        sys::delete_file(unused_note(home, name));
    }
}

}  // namespace

void note_use(const std::filesystem::path& home, const std::set<std::string>& names) {
    for (const auto& name : names) {
        try {
            if (const auto file = unused_note(home, name); sys::kind_of(file)) {
                sys::delete_file(file);
            }
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): read-only: nobody counts either
        }
    }
}

void collect_abandoned(const std::filesystem::path& home, const std::set<std::string>& in_use,
                       const std::set<std::string>& done, std::chrono::sys_days today, Log& log) {
    try {
        for (const auto& name : names_in(home)) {
            if (in_use.contains(name)) {
                continue;
            }
            if (done.contains(name)) {
                remove(home, name, log);
            } else if (is_abandoned(one_more_day(home, name, today))) {
                log.info(
                    "{} has not been sent from {} for {} days on which others were: its pins "
                    "are removed",
                    escape_text(name), escape_text(home.parent_path().native()),
                    most_days_of_disuse);
                remove(home, name, log);
            }
        }
    } catch (const std::exception& error) {
        log.debug("cannot look for what other jobs have left: {}", escape_text(error.what()));
    }
}

}  // namespace snapferry::send
