#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/restore/overwrite.h"
#include "snapferry/sys/tree/attributes.h"
#include "snapferry/sys/tree/writing/destination.h"

namespace snapferry::sys {

/// An entry with all that it is made of.
struct Item {
    manifest::Entry entry;
    Attributes attributes;
    /// Writes the contents of a file into an empty one. `shown`: what failures call that.
    std::function<void(int file, const std::string& shown)> fill;
};

/// Writes a tree into a destination, entry by entry in the order of a manifest. Nothing appears
/// under its name before it is whole, has its owner, mode, time and attributes, and is on the disk:
/// it is made under another name, many such are synced at once, and renamed then. So a copy that is
/// interrupted, by a power cut too, can be gone on with by looking at what is there.
class TreeWriter {
  public:
    /// Told of an entry that cannot be written while others can.
    using Tell = std::function<void(const std::string& path, const Failure& failure)>;

    TreeWriter(const Destination& destination, Tell tell);
    TreeWriter(const TreeWriter&) = delete;
    TreeWriter& operator=(const TreeWriter&) = delete;

    /// What was not finished leaves no trace.
    ~TreeWriter();

    /// The next entry, and what was decided about it. Throws Failure: `incomplete` or what `fill`
    /// throws concerns this entry only, and the next may be written.
    void write(const Item& item, restore::Action action);

    /// All is under its name, and on the disk.
    void finish();

    /// What was left out because the filesystem cannot hold it: how often, and the first in words.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
    [[nodiscard]] const std::string& first_left_out() const { return first_left_out_; }

  private:
    struct Appear {
        std::string path;
        std::string temporary;
        bool replace;
    };
    struct Link {
        std::string path;
        std::string first;
        bool replace;
    };
    struct Finish {
        Item directory;
    };
    using Step = std::variant<Appear, Link, Finish>;

    void leave_directories(const std::string& for_path);
    void enter(const Item& item, restore::Action action);
    void make_directory(const std::string& path);
    void clear_leftovers(const std::string& path);
    void put(const Item& item, bool replace);
    void make(const Item& item, int directory, const std::string& temporary);
    void make_file(const Item& item, int directory, const std::string& temporary);
    void give(int file, const Item& item);
    void add(Step step, std::uint64_t bytes);
    void sync();
    void flush();
    void take(const Step& step);
    void appear(const Appear& step);
    void link(const Link& step);
    void dress_directory(const Finish& step);
    void tell(const std::string& path, const Failure& failure);
    std::string new_name();

    const Destination& destination_;
    Tell tell_;
    std::string prefix_;
    std::uint64_t names_ = 0;
    std::vector<Item> directories_;  ///< entered, to be finished once all in them is written
    std::vector<Step> steps_;        ///< what comes after the next sync, in order
    std::uint64_t waiting_ = 0;      ///< bytes of files among them
    std::map<std::uint64_t, std::string> first_of_group_;
    std::uint64_t left_out_ = 0;
    std::string first_left_out_;
};

}  // namespace snapferry::sys
