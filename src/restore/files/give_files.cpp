#include "snapferry/restore/files/give_files.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/writer.h"
#include "snapferry/core/restore/piece.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/restore/files/given_backup.h"
#include "snapferry/restore/files/incoming.h"
#include "snapferry/restore/files/source_backup.h"

namespace snapferry::restore {
namespace {

/// Gives one backup to one who takes.
class Giving {
  public:
    Giving(const SourceBackup& backup, int in, int out) : backup_(backup), in_(in), out_(out) {}

    void run() {
        const auto trouble = backup_.trouble_with_manifest();
        const bool by_manifest = backup_.has_manifest() && trouble.empty();
        const auto& meant = backup_.meant();
        out_.write(
            line_of(GivenBackup{meant.backup.name.text(), meant.taken, by_manifest, trouble}) +
            "\n");
        list();
        if (in_.line(longest_answer) != takes) {
            return;
        }
        const auto wanted = in_.bytes(on_disk_.size());
        out_.write(std::to_string(size_of(wanted)) + "\n");
        out_.flush();
        if (in_.line(longest_answer) != has_room) {
            return;
        }
        give(wanted);
        say_what_is_expected(by_manifest);
        out_.flush();
    }

  private:
    /// Contents are not read for it: their digest is a row of zeros.
    void list() {
        manifest::Writer writer([this](std::string_view text) { out_.write(text); });
        auto items = backup_.items();
        while (auto next = items.next()) {
            auto& entry = next->item.entry;
            if (entry.kind == manifest::Kind::file) {
                entry.contents = manifest::Digest{};
            }
            writer.add(entry);
            on_disk_.push_back(next->on_disk);
        }
        (void)writer.finish();
        out_.flush();
    }

    /// bytes; what it takes on a disk.
    [[nodiscard]] std::uint64_t size_of(const std::string& wanted) const {
        std::uint64_t size = 0;
        for (std::size_t index = 0; index < wanted.size(); ++index) {
            size += wanted[index] == wants_all ? on_disk_[index] : 0;
        }
        return size;
    }

    /// A backup does not change: what came in this order comes in it again.
    void give(const std::string& wanted) {
        auto items = backup_.items();
        for (const auto letter : wanted) {
            const auto next = items.next();
            if (next && letter != wants_nothing) {
                give_one(items, next->item, letter == wants_all);
            }
        }
    }

    void give_one(const sys::TreeItems& items, const sys::Item& item, bool with_contents) {
        for (const auto& [name, value] : item.attributes) {
            out_.write(encode({PieceKind::attribute, name, 0, value}));
        }
        try {
            if (with_contents && item.entry.kind == manifest::Kind::file) {
                items.read([this](std::uint64_t offset, std::span<const std::byte> bytes) {
                    give_data(offset, bytes);
                });
            }
            out_.write(encode({PieceKind::end}));
        } catch (const Failure& failure) {
            if (failure.code() != ExitCode::sending) {
                throw;
            }
            out_.write(encode({PieceKind::failed, {}, 0, failure.what()}));
        }
    }

    void give_data(std::uint64_t offset, std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const auto part = bytes.first(std::min(bytes.size(), most_data));
            out_.write(
                encode({PieceKind::data,
                        {},
                        offset,
                        std::string(reinterpret_cast<const char*>(part.data()), part.size())}));
            offset += part.size();
            bytes = bytes.subspan(part.size());
        }
    }

    void say_what_is_expected(bool by_manifest) {
        manifest::Writer writer([this](std::string_view text) { out_.write(text); });
        const auto next = backup_.expected(by_manifest);
        while (const auto entry = next()) {
            writer.add(*entry);
        }
        (void)writer.finish();
    }

    const SourceBackup& backup_;
    Incoming in_;
    Outgoing out_;
    std::vector<std::uint64_t> on_disk_;  ///< bytes, of each entry of the list
};

}  // namespace

void give_files(const receive::Config& config, const AskedFiles& asked, int in, int out) {
    const auto view = receive::look_at_tag(config, Tag::parse(asked.tag));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const SourceBackup backup(view, backup_in_force(view, asked.at, now), Selection(asked.paths));
    Giving(backup, in, out).run();
}

}  // namespace snapferry::restore
