#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/restore/overwrite.h"
#include "snapferry/core/restore/selection.h"
#include "snapferry/restore/files/restore_listener.h"
#include "snapferry/sys/tree/tree_items.h"
#include "snapferry/sys/tree/writing/destination.h"

namespace snapferry::restore {

/// Where the items come from, in the order of a manifest: one after the other, nothing at the end.
using NextItem = std::function<std::optional<sys::ItemOnDisk>()>;

/// Their paths alone, in the same order.
using NextPath = std::function<std::optional<std::string>()>;

/// What a restore does, or would do.
struct RestoreCounts {
    std::uint64_t made = 0;         ///< entries that are not directories
    std::uint64_t replaced = 0;     ///< the same
    std::uint64_t there = 0;        ///< the same already
    std::uint64_t directories = 0;  ///< made
    std::uint64_t left = 0;         ///< differ, and are left alone, with all beneath them
    std::uint64_t failed = 0;
    std::uint64_t bytes = 0;    ///< of the files that are made or replaced
    std::uint64_t on_disk = 0;  ///< what these take where nothing is shared
};

/// Restores a part of a backup into a directory: look, write, compare. Each goes through all
/// entries once; only write() changes anything.
class FileRestore {
  public:
    FileRestore(const sys::Destination& destination, Overwrite overwrite, bool whole,
                RestoreListener& listener);

    /// What write() would do. The listener hears of what would be left alone.
    RestoreCounts look(const NextItem& next);

    /// The same, and what was decided is what write() does, of the same entries.
    RestoreCounts decide(const NextItem& next, const std::function<void(Action action)>& tell);

    /// Returns when all that could be is there, and on the disk. Throws Failure where it cannot go
    /// on; then what is there is whole, and the same restore goes on from there.
    RestoreCounts write(const NextItem& next);

    /// Reads all that write() wrote or found, from the disk, and compares it with what it should
    /// be; leaves out what was left alone or failed. What came, and nobody says how it should be,
    /// is a difference, too. How many were compared.
    std::uint64_t compare(const manifest::Next& expected, const NextPath& came);

    [[nodiscard]] std::uint64_t differences() const { return differences_; }

    /// What the filesystem could not hold: how often, and the first in words.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
    [[nodiscard]] const std::string& first_left_out() const { return first_left_out_; }

  private:
    struct Planned {
        Decision decision;
        bool passed_over = false;  ///< it lies in what was left alone
    };

    std::optional<sys::ItemOnDisk> take_next(const NextItem& next, RestoreCounts& counts);
    RestoreCounts write_all(const NextItem& next);
    Planned planned(const manifest::Entry& entry);
    Planned plan(const manifest::Entry& entry);
    [[nodiscard]] std::optional<There> look_at(const manifest::Entry& entry);
    void count(RestoreCounts& counts, const sys::ItemOnDisk& item, const Planned& planned);
    void note_failure(RestoreCounts& counts, const std::string& path, const Failure& failure);
    [[nodiscard]] bool is_passed_over(const std::string& path) const;
    [[nodiscard]] std::optional<manifest::Entry> read_again(const manifest::Entry& expected);
    void compare_one(const manifest::Entry& expected);
    void note_extra(const std::string& path);
    void begin();

    const sys::Destination& destination_;
    Overwrite overwrite_;
    bool dress_top_;
    RestoreListener& listener_;
    std::vector<Action> decided_;
    std::size_t next_decided_ = 0;
    std::set<std::string> not_ours_;  ///< left alone, or failed: with all beneath them
    std::set<std::string> merged_;    ///< directories that stay as they were
    std::map<std::uint64_t, std::uint64_t> inode_of_group_;
    std::uint64_t differences_ = 0;
    std::uint64_t left_out_ = 0;
    std::string first_left_out_;
};

}  // namespace snapferry::restore
