#include "snapferry/restore/files/take_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/files/given_backup.h"
#include "snapferry/restore/files/incoming.h"
#include "snapferry/restore/files/room.h"
#include "snapferry/sys/tree/writing/file_copy.h"

namespace snapferry::restore {
namespace {

using manifest::Entry;
using manifest::Kind;

constexpr std::size_t most_entries = std::size_t{20} * 1000 * 1000;  // they are in memory
constexpr std::size_t most_attributes = std::size_t{1024} * 1024;    // bytes of one entry

[[noreturn]] void refuse(const std::string& what) {
    throw Failure(ExitCode::protocol, "the other machine " + what,
                  "what is here is whole; is it the right machine, with the same version?");
}

std::uint64_t size_in(const std::string& line) {
    std::uint64_t size = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), size);
    if (line.empty() || read.ec != std::errc() || read.ptr != line.data() + line.size()) {
        refuse("does not say how much it gives");
    }
    return size;
}

/// Takes one restore, in the steps that give_files() has.
class Taking {
  public:
    Taking(int in, int out, const RestoreWish& wish, RestoreListener& listener)
        : in_(in), out_(out), wish_(wish), listener_(listener) {}

    RestoreOutcome run() {
        listener_.begins("looking", 0);
        const auto given = parse_given_backup(in_.line(longest_given_line));
        RestoreOutcome outcome{given.name, given.taken, {}};
        outcome.no_manifest = given.no_manifest;
        read_list();
        if (wish_.dry_run) {
            const sys::Destination destination(wish_.to, sys::Destination::Use::look);
            FileRestore files(destination, wish_.overwrite, wish_.selection.is_whole(), listener_);
            outcome.counts = files.look([this] { return next_listed(); });
            out_.write("end\n");
            out_.flush();
            return outcome;
        }
        const sys::Destination destination(wish_.to, sys::Destination::Use::write);
        auto durable = durability_of(destination);
        FileRestore files(destination, wish_.overwrite, wish_.selection.is_whole(), listener_);
        outcome.counts =
            files.decide([this] { return next_listed(); }, [this](Action action) { note(action); });
        ask();
        listener_.begins("copying", outcome.counts.bytes);
        at_ = 0;
        outcome.counts = files.write([this] { return next_given(); });
        finish_item();
        if (durable) {
            durable->require();
        }
        const auto expected = read_expected();
        auto next = expected.begin();
        compare_restored(
            files,
            [&]() -> std::optional<Entry> {
                return next == expected.end() ? std::nullopt : std::optional(*next++);
            },
            [&, at = std::size_t{0}]() mutable {
                return at == list_.size() ? std::nullopt : std::optional(list_[at++].path);
            },
            given.has_manifest ? ComparedWith::manifest : ComparedWith::backup, listener_, outcome);
        return outcome;
    }

  private:
    void take_entry(std::vector<Entry>& entries, const Entry& entry) {
        if (!wish_.selection.touches(entry.path)) {
            refuse("gives what was not asked for: " + escape_text(entry.path));
        }
        if (entries.size() == most_entries) {
            refuse("has more entries than can be taken at once: restore a part at a time");
        }
        entries.push_back(entry);
    }

    void read_list() {
        in_.manifest([this](const Entry& entry) {
            take_entry(list_, entry);
            listener_.stop_if_asked();
        });
    }

    /// The same entries again, with what their contents should be.
    std::vector<Entry> read_expected() {
        std::vector<Entry> expected;
        expected.reserve(list_.size());
        in_.manifest([&](const Entry& entry) {
            take_entry(expected, entry);
            listener_.stop_if_asked();
        });
        return expected;
    }

    std::optional<sys::ItemOnDisk> next_listed() {
        if (at_ == list_.size()) {
            return std::nullopt;
        }
        sys::ItemOnDisk next;
        next.item.entry = list_[at_++];
        return next;
    }

    /// Of an inode with several names the contents come once.
    void note(Action action) {
        const auto& entry = list_[wanted_.size()];
        const bool written = action == Action::make || action == Action::replace;
        const bool is_link = entry.group && carried_.contains(*entry.group);
        if (entry.group && (written || action == Action::keep)) {
            carried_.insert(*entry.group);
        }
        if ((written && !is_link) || action == Action::dress) {
            wanted_ += entry.kind == Kind::file ? wants_all : wants_attributes;
        } else {
            wanted_ += wants_nothing;
        }
    }

    void ask() {
        out_.write(fmt::format("{}\n{}", takes, wanted_));
        out_.flush();
        require_room(wish_.to, size_in(in_.line(longest_answer * 2)));
        out_.write(fmt::format("{}\n", has_room));
        out_.flush();
    }

    /// What is left of the item before, which could not be written, is passed over.
    std::optional<sys::ItemOnDisk> next_given() {
        finish_item();
        const auto index = at_;
        auto next = next_listed();
        if (!next) {
            return next;
        }
        auto& item = next->item;
        if (wanted_[index] != wants_nothing) {
            begin_item(item);
        }
        item.fill = [this, size = item.entry.size.value_or(0)](int file, const std::string& shown) {
            fill(file, size, shown);
        };
        return next;
    }

    void begin_item(sys::Item& item) {
        is_open_ = true;
        std::size_t size = 0;
        for (read_piece(); piece_.kind == PieceKind::attribute; read_piece()) {
            size += piece_.name.size() + piece_.bytes.size();
            if (size > most_attributes ||
                !item.attributes.emplace(piece_.name, piece_.bytes).second) {
                refuse("gives attributes that no file has");
            }
        }
        if (sys::digest_of(item.attributes) != item.entry.xattrs) {
            refuse("gives other attributes than it has listed: " + escape_text(item.entry.path));
        }
    }

    void fill(int file, std::uint64_t size, const std::string& shown) {
        if (!is_open_ && piece_.kind != PieceKind::failed && piece_.kind != PieceKind::end) {
            throw Failure(ExitCode::incomplete, shown + " is changed meanwhile");
        }
        sys::make_hole(file, size, shown);
        std::uint64_t end = 0;
        for (; piece_.kind == PieceKind::data; read_piece()) {
            if (piece_.offset < end || piece_.offset > size ||
                piece_.bytes.size() > size - piece_.offset) {
                refuse("gives more of a file than there is");
            }
            sys::write_at(file, piece_.offset, std::as_bytes(std::span(piece_.bytes)), shown);
            listener_.went_on(piece_.offset + piece_.bytes.size() - end);
            end = piece_.offset + piece_.bytes.size();
        }
        listener_.went_on(size - end);
        if (piece_.kind == PieceKind::failed) {
            throw Failure(ExitCode::sending, escape_text(piece_.bytes));
        }
    }

    void finish_item() {
        while (is_open_) {
            read_piece();
        }
    }

    void read_piece() {
        listener_.stop_if_asked();
        piece_ = in_.piece();
        is_open_ = piece_.kind == PieceKind::attribute || piece_.kind == PieceKind::data;
    }

    Incoming in_;
    Outgoing out_;
    const RestoreWish& wish_;
    RestoreListener& listener_;
    std::vector<Entry> list_;
    std::size_t at_ = 0;
    std::string wanted_;
    std::set<std::uint64_t> carried_;  ///< groups
    Piece piece_;                      ///< the last that was read
    bool is_open_ = false;             ///< more of the item is to come
};

}  // namespace

RestoreOutcome take_files(int in, int out, const RestoreWish& wish, RestoreListener& listener) {
    return Taking(in, out, wish, listener).run();
}

}  // namespace snapferry::restore
