#include "snapferry/send/rotation/held.h"

#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <utility>

#include "../memory/memory_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr std::string_view memory_ending = ".memory.json";

/// Whatever version has written it; of several receivers, each.
std::vector<Remembered> memories_in(const std::string& text, const std::filesystem::path& file) {
    try {
        return {remembered_in(text)};
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): of an earlier version, then
    }
    try {
        std::vector<Remembered> found;
        for (auto& [receiver, content] : formerly_remembered_in(text)) {
            found.push_back(std::move(content));
        }
        return found;
    } catch (const std::exception& failure) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{}, where a job notes what its receiver has, cannot be "
                                  "understood ({})",
                                  escape_text(file.native()), escape_text(failure.what())),
                      "run that job, which begins it anew");
    }
}

/// "home": the tag at the receiver, as the name of a job's file begins.
std::string tag_of(const std::string& file_name) {
    return escape_text(file_name.substr(0, file_name.find('.')));
}

/// One that cannot be looked at may be a note: then reading it fails, and nobody knows what it
/// says.
bool is_no_note(sys::EntryKind kind) {
    return kind == sys::EntryKind::directory || kind == sys::EntryKind::other;
}

/// Once a newer one has arrived, what was begun is not gone on with.
bool is_overtaken(const std::string& begun, const std::string& last) {
    const auto time = named_time(begun, {});
    const auto time_of_last = named_time(last, {});
    return time && time_of_last && *time < *time_of_last;
}

void hold_what_is_needed(const DiskMemory& memory, const std::string& tag,
                         std::vector<HeldSnapshot>& held) {
    const auto* const sent = last_arrived(memory.sent);
    const auto why_last = fmt::format("the receiver of {} has it as its last", tag);
    std::string last;
    if (memory.last) {
        last = memory.last->name;
        held.push_back({last, memory.last->uuid, why_last});
    } else if (sent != nullptr) {
        last = sent->name;
        held.push_back({last, sent->uuid, why_last});
    }
    for (const auto& one : memory.sent) {
        if (one.unfinished && !is_overtaken(one.name, last)) {
            held.push_back({one.name, one.uuid,
                            fmt::format("its sending to {} was begun, and is to go on", tag)});
        }
    }
}

}  // namespace

std::vector<HeldSnapshot> held_snapshots(const std::filesystem::path& snapshot_dir,
                                         const std::string& tag) {
    constexpr std::size_t max_file = std::size_t{16} * 1024 * 1024;  // bytes; as SenderMemory
    std::vector<HeldSnapshot> held;
    const auto home = sender_home(snapshot_dir);
    for (const auto& entry : sys::entries_of(home, ExitCode::configuration)) {
        if (!entry.name.ends_with(memory_ending) || is_no_note(entry.kind)) {
            continue;
        }
        if (const auto text = sys::read_small_file(entry.path, max_file)) {
            for (const auto& memory : memories_in(*text, entry.path)) {
                for (const auto& disk : memory.disks()) {
                    hold_what_is_needed(disk, tag_of(entry.name), held);
                }
            }
        }
    }
    if (auto noted = read_last_sent(last_sent_file(snapshot_dir, tag)); !noted.empty()) {
        held.push_back({std::move(noted), {}, fmt::format("last_sent_@{}.txt names it", tag)});
    }
    return held;
}

}  // namespace snapferry::send
