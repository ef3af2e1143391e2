#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/sys/tree/reading_crew.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::sys {

struct ReadingPlan {
    unsigned threads = 1;
    /// Whether the contents of the file are wanted; otherwise they are nothing.
    std::function<bool(const std::string& path)> wants = [](const auto&) { return true; };
    WhenRead when_read{};  ///< called by any of the threads
    /// Told, in order, of each file that cannot be read; its contents are nothing.
    std::function<void(const std::string& path, const std::string& why)> when_unreadable =
        [](const auto&, const auto&) {};
};

/// The entries of a tree as TreeEntries has them, read by several threads: the walk is ahead of
/// what is asked for, and the files that it finds are read meanwhile. Memory is bounded by how far
/// it goes ahead. Throws what a walk throws.
class EntriesAhead {
  public:
    EntriesAhead(const std::filesystem::path& top, ExitCode code, ReadingPlan plan);

    std::optional<manifest::Entry> next();

  private:
    using Order = std::shared_ptr<ReadingCrew::Order>;

    /// The names of one inode.
    struct Group {
        std::uint64_t number = 0;
        Order order{};  ///< read once, whatever names it has
        std::uint64_t names_to_come = 0;
    };

    struct Ahead {
        manifest::Entry entry;
        Order order{};  ///< nothing where nothing is read
    };

    void go_on();
    void take(Found found);
    [[nodiscard]] Order order_for(const Found& found);
    [[nodiscard]] bool first_is_whole() const;

    ExitCode code_;
    ReadingPlan plan_;
    Walk walk_;
    bool ended_ = false;
    std::deque<Ahead> ahead_;
    std::map<std::uint64_t, Group> groups_;  ///< by inode
    std::uint64_t last_group_ = 0;
    ReadingCrew crew_;
};

}  // namespace snapferry::sys
