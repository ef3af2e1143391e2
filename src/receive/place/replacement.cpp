#include "snapferry/receive/place/replacement.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/set_aside.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

using std::filesystem::path;

bool is_there(const path& place) {
    return sys::kind_of(place).has_value();
}

void move(const path& from, const path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    if (error) {
        errno = error.value();
        throw sys::system_failure(ExitCode::receiving, "rename " + escape_text(from.native()));
    }
}

/// A new copy under its name on the way. It goes again, unless it has become the one.
class Arriving {
  public:
    Arriving(const path& source, path place) : place_(std::move(place)) {
        btrfs::create_snapshot(source, place_, true);
    }
    ~Arriving() {
        if (!taken_) {
            give_up();
        }
    }
    Arriving(const Arriving&) = delete;
    Arriving& operator=(const Arriving&) = delete;
    Arriving(Arriving&&) = delete;
    Arriving& operator=(Arriving&&) = delete;

    /// Each then has the other's name.
    void exchange_with(const path& present) {
        btrfs::exchange(place_, present);
        taken_ = true;
    }

  private:
    /// The failure that led here is the one to tell of. What stays is finished by the next run.
    void give_up() const noexcept {
        try {
            btrfs::delete_subvolume(place_);
        } catch (const std::exception&) {
        }
    }

    path place_;
    bool taken_ = false;
};

path set_aside(const path& former, const path& snapshots, const SnapshotName& name) {
    auto aside = free_place(snapshots, name, replaced_name);
    move(former, aside);
    return aside;
}

/// A copy that is on its way when a run begins: a new one, or the one that had the name. btrfs
/// gives ids out in order, so they tell which of two copies is the newer.
void finish(const path& on_its_way, const path& snapshots, const SnapshotName& name, Log& log) {
    const auto found = btrfs::subvolume_info(on_its_way);
    if (!found) {
        return;  // nothing that we made
    }
    const auto place = snapshots / name.text();
    const auto present = btrfs::subvolume_info(place);
    if (!present) {
        if (!is_there(place)) {
            move(on_its_way, place);  // somebody deleted or moved the other
            log.info("{} was on its way when a run was cut off: it is in its place", name.text());
        }
        return;
    }
    if (present->id < found->id) {
        btrfs::exchange(on_its_way, place);
    }
    const auto aside = set_aside(on_its_way, snapshots, name);
    log.info("a run was cut off while it replaced {}: the former copy is now {}", name.text(),
             aside.filename().native());
}

void shorten(const path& overlong, const path& snapshots, const SnapshotName& name, Log& log) {
    if (btrfs::subvolume_info(overlong)) {
        const auto aside = set_aside(overlong, snapshots, name);
        log.info("a replaced copy had too long a name to be counted: it is now {}",
                 aside.filename().native());
    }
}

}  // namespace

path free_place(const path& snapshots, const SnapshotName& name,
                SnapshotName (*numbered)(const SnapshotName&, unsigned)) {
    for (unsigned number = 1;; ++number) {
        auto place = snapshots / numbered(name, number).text();
        if (!is_there(place)) {
            return place;
        }
    }
}

void replace_copy(const path& source, const path& snapshots, const SnapshotName& name,
                  btrfs::Durability& disk, Log& log) {
    const auto on_its_way = snapshots / arriving_name(name);
    Arriving copy(source, on_its_way);
    disk.require();
    copy.exchange_with(snapshots / name.text());
    const auto aside = set_aside(on_its_way, snapshots, name);
    log.info("another copy had the name {}: it is now {}", name.text(), aside.filename().native());
}

void finish_replacements(const path& snapshots, Log& log) {
    for (const auto& [text, entry, kind] : sys::entries_of(snapshots, ExitCode::receiving)) {
        if (const auto name = name_of_arriving(text)) {
            finish(entry, snapshots, *name, log);
        } else if (const auto former = name_before_overlong_replacement(text)) {
            shorten(entry, snapshots, *former, log);
        }
    }
}

}  // namespace snapferry::receive
