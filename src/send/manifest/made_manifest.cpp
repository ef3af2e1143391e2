#include "snapferry/send/manifest/made_manifest.h"

#include <fcntl.h>

#include <span>
#include <string_view>

#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::send {
namespace {

constexpr auto code = ExitCode::sending;

sys::UniqueFd nameless_file(const std::filesystem::path& directory) {
    sys::make_private_directory(directory, code);
    sys::UniqueFd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file) {
        throw sys::system_failure(code, "make a file in " + escape_text(directory.native()));
    }
    return file;
}

/// Text in, packed bytes in a file out.
class PackedFile {
  public:
    PackedFile(MadeManifest& made, const std::filesystem::path& home)
        : made_(made), shown_("a manifest in " + escape_text(home.native())) {}

    void take(std::string_view text) {
        held_ += text;
        if (held_.size() >= enough) {
            pack();
        }
    }

    void finish() {
        pack();
        packer_.finish();
        made_.digest = digest_.text();
    }

  private:
    static constexpr std::size_t enough = std::size_t{64} * 1024;  // bytes; lines are short

    void pack() {
        packer_.push(std::as_bytes(std::span(held_)));
        held_.clear();
    }

    void write(std::span<const std::byte> bytes) {
        sys::write_all(made_.file.get(), bytes, code, shown_);
        digest_.update(bytes);
        made_.bytes += bytes.size();
    }

    MadeManifest& made_;
    std::string shown_;
    std::string held_;
    wire::StreamDigest digest_;
    manifest::Packer packer_{[this](std::span<const std::byte> bytes) { write(bytes); }};
};

/// Counts what is read, and passes on what is known.
class Counting final : public sys::KnownDigests {
  public:
    Counting(sys::KnownDigests& known, MadeManifest& made) : known_(known), made_(made) {}

    std::optional<sys::InodeDigests> find(const sys::Walk& walk, const sys::Found& found) override {
        return known_.find(walk, found);
    }

    void learn(const sys::Walk& walk, const sys::Found& found,
               const sys::InodeDigests& digests) override {
        made_.read_files += digests.contents ? 1 : 0;
        known_.learn(walk, found, digests);
    }

  private:
    sys::KnownDigests& known_;
    MadeManifest& made_;
};

}  // namespace

MadeManifest make_manifest(const std::filesystem::path& snapshot, const std::filesystem::path& home,
                           sys::KnownDigests& known, const std::function<void()>& meanwhile) {
    MadeManifest made;
    made.file = nameless_file(home);
    Counting counting(known, made);
    sys::TreeEntries entries(
        snapshot, code,
        [&](std::size_t bytes) {
            made.read_bytes += bytes;
            meanwhile();
        },
        &counting);
    PackedFile file(made, home);
    manifest::Writer writer([&](std::string_view text) { file.take(text); });
    while (const auto entry = entries.next()) {
        writer.add(*entry);
        meanwhile();
    }
    made.summary = writer.finish();
    file.finish();
    return made;
}

}  // namespace snapferry::send
