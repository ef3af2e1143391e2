#include "snapferry/send/memory/sender_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "former_address.h"
#include "memory_text.h"
#include "neighbours.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/random_bytes.h"

namespace snapferry::send {
namespace {

/// As blkid(8) and /etc/fstab call it.
std::string disk_text(const DiskMemory& memory) {
    return memory.disk ? fmt::format("UUID={}", memory.disk->text())
                       : std::string("a disk that was never told");
}

}  // namespace

SenderMemory::SenderMemory(const std::filesystem::path& snapshot_dir, const JobIdentity& job,
                           Log& log)
    : home_(sender_home(snapshot_dir)),
      job_(job),
      file_(memory_file(home_, job.file_name())),
      log_(log) {
    try {
        if (const auto text = sys::read_small_file(file_, max_memory_file)) {
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
    absent_ = std::move(content.absent);
    set_present(std::move(content.present));
    former_ = std::move(content.former);
    mirrored_ = std::move(content.mirrored);
}

void SenderMemory::set_present(DiskMemory memory) {
    attempts_ = Attempts(std::move(memory.failed));
    memory.failed.clear();
    present_ = std::move(memory);
    records_ = records_of_all(present_, absent_);
}

/// The pins are there also where an even earlier version had no memory.
void SenderMemory::read_former() {
    former_.insert(job_.dest_tag);
    const auto file = memory_file(home_, job_.dest_tag);
    try {
        const auto text = sys::read_small_file(file, max_memory_file);
        if (!text) {
            return;
        }
        for (auto& [receiver, content] : formerly_remembered_in(*text)) {
            if (is_address_of(receiver, job_)) {
                set_present(std::move(content.present));
            }
        }
    } catch (const std::exception& error) {
        warn_unreadable(file, error);
    }
}

bool SenderMemory::take_over(const std::vector<RemoteSnapshot>& remote) {
    if (!present_.sent.empty() || present_.last) {
        return false;
    }
    for (const auto& neighbour : neighbours_in(home_)) {
        if (neighbour.name == job_.file_name()) {
            continue;
        }
        for (const auto& content : neighbour.memories) {
            for (auto& memory : content.disks()) {
                if (has_sent_to(memory, remote)) {
                    log_.info(
                        "the receiver has what {} has sent from here: this is the same job, "
                        "under another address or name",
                        escape_text(neighbour.name));
                    memory.disk = present_.disk;
                    memory.away = {};
                    set_present(std::move(memory));
                    former_.insert(neighbour.name);
                    former_.insert(content.former.begin(), content.former.end());
                    return true;
                }
            }
        }
    }
    return false;
}

std::optional<LastArrived> SenderMemory::newest_arrived() const {
    auto newest = present_.last;
    for (const auto& other : absent_) {
        if (other.last && (!newest || newest->taken < other.last->taken)) {
            newest = other.last;
        }
    }
    return newest;
}

void SenderMemory::disk_is(const Uuid& disk, const std::vector<RemoteSnapshot>& remote) {
    auto present = present_;
    present.failed = {attempts_.parts().begin(), attempts_.parts().end()};
    const auto change = change_disks(present, absent_, disk, remote);
    set_present(std::move(present));
    tell_of(change);
}

void SenderMemory::tell_of(const ChangeOfDisks& change) const {
    if (change.is_another) {
        log_.info("the receiver has another disk in than before, {}: {}", disk_text(present_),
                  change.is_known ? "what was sent to that one counts" : "it was never in before");
    }
    for (const auto& one : change.let_go) {
        log_.warning(
            "{} disks are away, and that is too many: what {} needs is held no longer, and should "
            "it come back, it may need a full send",
            most_absent_disks, disk_text(one));
    }
}

std::set<Uuid> SenderMemory::pins_of_absent_disks() const {
    std::set<Uuid> pins;
    for (const auto& one : absent_) {
        pins.merge(one.needed_pins());
    }
    return pins;
}

std::optional<std::set<Uuid>> SenderMemory::forget_disk(const std::optional<Uuid>& disk) {
    const auto found = std::find_if(absent_.begin(), absent_.end(),
                                    [&](const DiskMemory& one) { return one.disk == disk; });
    if (found == absent_.end()) {
        return std::nullopt;
    }
    auto pins = found->needed_pins();
    absent_.erase(found);
    records_ = records_of_all(present_, absent_);
    auto needed = pins_of_absent_disks();
    needed.merge(present_.needed_pins());
    std::erase_if(pins, [&](const Uuid& pin) { return needed.contains(pin); });
    return pins;
}

void SenderMemory::count_day_away(std::chrono::sys_days today) {
    const auto gone = send::count_day_away(absent_, today.time_since_epoch().count());
    for (const auto& one : gone) {
        log_.info(
            "{} has not been in on {} days on which this job ran: what it needs is held no longer",
            disk_text(one), most_days_away);
    }
    for (const auto& one : absent_) {
        if (one.away.days >= worth_telling_days_away && !one.pins.empty()) {
            log_.info(
                "{} has not been in on {} days on which this job ran: until it comes, the snapshot "
                "{} is held for it, and with it the room of what was deleted since",
                disk_text(one), one.away.days,
                one.last ? escape_text(one.last->name) : "that it had last");
        }
    }
    records_ = records_of_all(present_, absent_);
}

std::string SenderMemory::text() const {
    auto present = present_;
    present.failed = {attempts_.parts().begin(), attempts_.parts().end()};
    return memory_text(job_, {std::move(present), absent_, former_, mirrored_});
}

void SenderMemory::begun(SentSnapshot snapshot) {
    if (find_sent(present_.sent, snapshot.uuid) == nullptr) {
        snapshot.unfinished = true;
        present_.sent.insert(present_.sent.begin(), std::move(snapshot));
        records_ = records_of_all(present_, absent_);
    }
}

void SenderMemory::is_whole(const Uuid& uuid) {
    for (auto& one : present_.sent) {
        one.unfinished = one.unfinished && one.uuid != uuid;
    }
    records_ = records_of_all(present_, absent_);
}

std::optional<wire::Secret> SenderMemory::secret_of(const Uuid& snapshot) const {
    const auto found =
        std::find_if(present_.begun.begin(), present_.begun.end(),
                     [&](const BegunStream& one) { return one.snapshot == snapshot; });
    return found == present_.begun.end() ? std::nullopt : std::optional(found->secret);
}

std::optional<wire::Secret> SenderMemory::draw_secret(const Uuid& snapshot) {
    wire::Secret secret;
    sys::fill_at_random(secret.bytes);
    present_.begins({snapshot, secret});
    return save() ? std::optional(secret) : std::nullopt;
}

void SenderMemory::arrived(const SentSnapshot& snapshot, std::chrono::sys_seconds taken) {
    auto& sent = present_.sent;
    std::erase_if(sent, [&](const SentSnapshot& one) { return one.uuid == snapshot.uuid; });
    sent.push_back(snapshot);
    present_.last = LastArrived{snapshot.name, snapshot.uuid, snapshot.copy, taken};
    present_.begun.clear();
    records_ = records_of_all(present_, absent_);
}

/// What is pinned for one disk may be on another, too: without a record of its own there, its copy
/// would be taken for one that somebody else has sent.
void SenderMemory::keep_only(const std::set<Uuid>& here) {
    attempts_.keep_only(here);
    auto wanted = pins_of_absent_disks();
    wanted.insert(here.begin(), here.end());
    wanted.insert(present_.pins.begin(), present_.pins.end());
    const auto is_needless = [&](const SentSnapshot& one) { return !wanted.contains(one.uuid); };
    std::erase_if(present_.sent, is_needless);
    for (auto& other : absent_) {
        std::erase_if(other.sent, is_needless);
    }
    records_ = records_of_all(present_, absent_);
}

bool SenderMemory::save() {
    try {
        const auto now = text();
        if (now != as_read_) {
            sys::make_private_directory(file_.parent_path());
            sys::replace_file(file_, now);
            as_read_ = now;
        }
        return true;
    } catch (const std::exception& error) {
        log_.warning("what was sent cannot be noted in {}: {}", escape_text(file_.native()),
                     error.what());
        return false;
    }
}

}  // namespace snapferry::send
