#include "snapferry/send/here/sender_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "memory_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/last_sent.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr std::size_t max_file =
    std::size_t{16} * 1024 * 1024;  // bytes; a snapshot takes about 200

/// A job of this home, as its memory's file is called.
struct Neighbour {
    std::string name;
    std::string text;  ///< of that file
};

/// One that cannot be read tells nothing.
std::vector<Neighbour> neighbours_in(const std::filesystem::path& home) {
    constexpr std::string_view ending = ".memory.json";
    std::vector<Neighbour> found;
    try {
        for (const auto& entry : sys::entries_of(home, ExitCode::configuration)) {
            const bool is_memory =
                entry.name.ends_with(ending) && entry.kind == sys::EntryKind::file;
            const auto text = is_memory ? sys::read_small_file(entry.path, max_file) : std::nullopt;
            if (text) {
                found.push_back({entry.name.substr(0, entry.name.size() - ending.size()), *text});
            }
        }
    } catch (const Failure&) {
        return found;
    }
    return found;
}

/// What a neighbour remembers, whatever version has written it; of several receivers, each.
std::vector<Remembered> memories_of(const Neighbour& neighbour) {
    try {
        return {remembered_in(neighbour.text)};
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): of an earlier version, then
    }
    std::vector<Remembered> found;
    try {
        for (auto& [receiver, content] : formerly_remembered_in(neighbour.text)) {
            found.push_back(std::move(content));
        }
    } catch (const std::exception&) {
        return {};
    }
    return found;
}

/// Only the receiver's own kernel gives a copy its name.
bool has_sent_to(const Remembered& content, const std::vector<RemoteSnapshot>& remote) {
    return std::any_of(remote.begin(), remote.end(), [&](const RemoteSnapshot& there) {
        const auto is_it = [&](const std::optional<Uuid>& copy) {
            return copy && copy == there.copy;
        };
        return (content.last && is_it(content.last->copy)) ||
               std::any_of(content.sent.begin(), content.sent.end(),
                           [&](const SentSnapshot& one) { return is_it(one.copy); });
    });
}

/// As an earlier version has written the address.
bool is_address_of(const std::string& receiver, const JobIdentity& job) {
    const auto colon = receiver.rfind(':');
    const auto host = JobIdentity::of("", "", receiver.substr(0, colon), job.port, "").host;
    return colon != std::string::npos && host == job.host &&
           receiver.substr(colon + 1) == std::to_string(job.port);
}

}  // namespace

SenderMemory::SenderMemory(const std::filesystem::path& snapshot_dir, const JobIdentity& job,
                           Log& log)
    : home_(sender_home(snapshot_dir)),
      job_(job),
      file_(memory_file(home_, job.file_name())),
      log_(log) {
    try {
        if (const auto text = sys::read_small_file(file_, max_file)) {
            read(*text);
            as_read_ = this->text();
            return;
        }
    } catch (const std::exception& error) {
        warn_unreadable(file_, error);
    }
    read_former();
}

void SenderMemory::warn_unreadable(const std::filesystem::path& file, const std::exception& error) {
    log_.warning("what was sent before cannot be read from {}: {}", escape_text(file.native()),
                 escape_text(error.what()));
}

void SenderMemory::read(const std::string& text) {
    auto content = remembered_in(text);
    sent_ = std::move(content.sent);
    attempts_ = Attempts(std::move(content.failed));
    last_ = std::move(content.last);
    former_ = std::move(content.former);
    mirrored_ = std::move(content.mirrored);
}

/// The pins are there also where an even earlier version had no memory.
void SenderMemory::read_former() {
    former_.insert(job_.dest_tag);
    const auto file = memory_file(home_, job_.dest_tag);
    try {
        const auto text = sys::read_small_file(file, max_file);
        if (!text) {
            return;
        }
        for (auto& [receiver, content] : formerly_remembered_in(*text)) {
            if (is_address_of(receiver, job_)) {
                sent_ = std::move(content.sent);
                attempts_ = Attempts(std::move(content.failed));
            }
        }
    } catch (const std::exception& error) {
        warn_unreadable(file, error);
    }
}

bool SenderMemory::take_over(const std::vector<RemoteSnapshot>& remote) {
    if (!sent_.empty() || last_) {
        return false;
    }
    for (const auto& neighbour : neighbours_in(home_)) {
        if (neighbour.name == job_.file_name()) {
            continue;
        }
        for (auto& content : memories_of(neighbour)) {
            if (has_sent_to(content, remote)) {
                log_.info(
                    "the receiver has what {} has sent from here: this is the same job, "
                    "under another address or name",
                    escape_text(neighbour.name));
                sent_ = std::move(content.sent);
                attempts_ = Attempts(std::move(content.failed));
                last_ = std::move(content.last);
                former_.insert(neighbour.name);
                former_.insert(content.former.begin(), content.former.end());
                return true;
            }
        }
    }
    return false;
}

std::string SenderMemory::text() const {
    const auto parts = attempts_.parts();
    return memory_text(job_, {sent_, {parts.begin(), parts.end()}, last_, former_, mirrored_});
}

void SenderMemory::begun(SentSnapshot snapshot) {
    if (find_sent(sent_, snapshot.uuid) == nullptr) {
        snapshot.unfinished = true;
        sent_.insert(sent_.begin(), std::move(snapshot));
    }
}

void SenderMemory::is_whole(const Uuid& uuid) {
    for (auto& one : sent_) {
        one.unfinished = one.unfinished && one.uuid != uuid;
    }
}

void SenderMemory::arrived(const SentSnapshot& snapshot, std::chrono::sys_seconds taken) {
    std::erase_if(sent_, [&](const SentSnapshot& one) { return one.uuid == snapshot.uuid; });
    sent_.push_back(snapshot);
    last_ = LastArrived{snapshot.name, snapshot.uuid, snapshot.copy, taken};
}

void SenderMemory::keep_only(const std::set<Uuid>& here) {
    std::erase_if(sent_, [&](const SentSnapshot& one) { return !here.contains(one.uuid); });
    attempts_.keep_only(here);
}

void SenderMemory::save() {
    try {
        const auto now = text();
        if (now != as_read_) {
            sys::make_private_directory(file_.parent_path());
            sys::replace_file(file_, now);
            as_read_ = now;
        }
    } catch (const std::exception& error) {
        log_.warning("what was sent cannot be noted in {}: {}", escape_text(file_.native()),
                     error.what());
    }
}

bool was_alone_under_its_tag(const std::filesystem::path& home, const JobIdentity& job) {
    try {
        const auto text = sys::read_small_file(memory_file(home, job.dest_tag), max_file);
        if (!text) {
            return false;
        }
        const auto all = formerly_remembered_in(*text);
        return std::all_of(all.begin(), all.end(),
                           [&](const auto& one) { return is_address_of(one.first, job); });
    } catch (const std::exception&) {
        return false;
    }
}

std::string noted_by_a_classic_script(const std::filesystem::path& snapshot_dir,
                                      const std::string& source_tag) {
    auto name = read_last_sent(last_sent_file(snapshot_dir, source_tag));
    for (const auto& neighbour : neighbours_in(sender_home(snapshot_dir))) {
        for (const auto& content : memories_of(neighbour)) {
            const auto* const last = snapferry::last_arrived(content.sent);
            if (content.mirrored == name || (last != nullptr && last->name == name)) {
                return {};
            }
        }
    }
    return name;
}

}  // namespace snapferry::send
