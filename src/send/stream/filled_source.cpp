#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/filling/extent_filling.h"
#include "snapferry/core/stream/reader.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/stream/stream_source.h"
#include "snapferry/sys/btrfs/extents/file_extents.h"
#include "snapferry/sys/btrfs/extents/snapshot_files.h"
#include "snapferry/sys/btrfs/snapshot_hold.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {
namespace {

btrfs::SendRequest outline_of(btrfs::SendRequest request) {
    if (request.parent) {
        throw std::logic_error("only a stream without a parent can be filled");
    }
    request.without_data = true;
    return request;
}

/// A part of the stream that is made in one piece: its header, a command, or one that is filled.
struct Unit {
    std::span<const std::byte> head;  ///< all of it, but for the data that is to be read
    std::size_t data_size = 0;

    [[nodiscard]] std::size_t size() const { return head.size() + data_size; }
};

class FilledSource : public OutlinedSource {
  public:
    FilledSource(const btrfs::SendRequest& request, std::uint32_t writes)
        : snapshot_(request.snapshot),
          files_(request.snapshot),
          extents_(files_.root()),
          request_(outline_of(request)),
          hold_(request.snapshot),
          filling_({request.form, writes, btrfs::sector_size_of(files_.root())}) {}

    std::optional<std::size_t> read(std::span<std::byte> into) override;
    [[nodiscard]] int descriptor() const override {
        return outline_ ? outline_->descriptor() : hold_.descriptor();
    }
    void finish() override;
    Passing pass_over(std::uint64_t end, wire::OutlineDigest& digest) override;

  private:
    std::optional<Unit> unit();
    bool find_unit();
    bool find_command();
    std::optional<stream::Command> next_in_outline();
    bool begin_outline();
    bool read_outline();
    void take(const stream::Command& command);
    void begin_extent(const stream::Command& command);
    void move_on(const Unit& unit);
    void put(const Unit& unit, std::span<std::byte> into);
    void put_data(std::span<std::byte> into);
    std::size_t put_rest(std::span<std::byte> into);
    [[noreturn]] void fail(int error) const;

    std::filesystem::path snapshot_;
    btrfs::SnapshotFiles files_;
    btrfs::FileExtents extents_;
    btrfs::SendRequest request_;                ///< of the outline
    btrfs::SnapshotHold hold_;                  ///< to the end, and from before the outline begins
    std::uint64_t changed_ = 0;                 ///< as of when it is held
    std::optional<btrfs::KernelSend> outline_;  ///< likewise
    stream::Reader reader_;
    bool has_ended_ = false;
    bool has_begun_ = false;
    std::uint64_t offset_ = 0;  ///< in the stream, of the unit

    std::vector<std::byte> header_;           ///< of the stream, as long as it is to come
    std::optional<stream::Command> command_;  ///< to be passed on as it is
    stream::ExtentFilling filling_;
    std::uint64_t file_ = 0;                  ///< the inode that the outline is about
    std::span<const std::byte> inline_data_;  ///< of the extent that is filled

    std::vector<std::byte> cut_;  ///< a unit that did not fit into what was to be filled
    std::size_t cut_at_ = 0;
};

std::optional<std::size_t> FilledSource::read(std::span<std::byte> into) {
    auto filled = put_rest(into);
    while (filled < into.size()) {
        const auto next = unit();
        if (!next) {
            break;
        }
        const auto room = into.subspan(filled);
        if (next->size() <= room.size()) {
            put(*next, room.first(next->size()));
            filled += next->size();
        } else if (filled > 0) {
            break;
        } else {
            cut_.resize(next->size());
            cut_at_ = 0;
            put(*next, cut_);
            filled += put_rest(room);
        }
    }
    return filled > 0 || has_ended_ ? std::optional(filled) : std::nullopt;
}

std::size_t FilledSource::put_rest(std::span<std::byte> into) {
    const auto count = std::min(into.size(), cut_.size() - cut_at_);
    std::copy_n(cut_.begin() + static_cast<std::ptrdiff_t>(cut_at_), count, into.begin());
    cut_at_ += count;
    return count;
}

Passing FilledSource::pass_over(std::uint64_t end, wire::OutlineDigest& digest) {
    constexpr int at_once = 100'000;  // commands
    for (int count = 0; offset_ < end; ++count) {
        if (count == at_once) {
            return Passing::goes_on;
        }
        const auto next = unit();
        if (!next) {
            return has_ended_ ? Passing::no_border : Passing::waits;
        }
        if (header_.empty()) {
            digest.take_up_to_data(next->head);
        } else {
            digest.take_header(next->head);
        }
        move_on(*next);
    }
    return offset_ == end ? Passing::arrived : Passing::no_border;
}

/// Nothing where the outline has no more for now, or at its end.
std::optional<Unit> FilledSource::unit() {
    if (!find_unit()) {
        return std::nullopt;
    }
    if (!header_.empty()) {
        return Unit{header_};
    }
    if (command_) {
        return Unit{command_->bytes()};
    }
    return Unit{filling_.current().head, filling_.current().data_size};
}

bool FilledSource::find_unit() {
    while (header_.empty() && !command_ && !filling_.has_more()) {
        if (!find_command()) {
            return false;
        }
    }
    return true;
}

/// False where none can be had for now, or the outline has ended.
bool FilledSource::find_command() {
    do {
        const auto command = next_in_outline();
        if (!has_begun_ && reader_.version()) {
            has_begun_ = true;
            stream::write_stream_header(header_, *reader_.version());
        }
        if (command) {
            take(*command);
            return true;
        }
    } while (read_outline());
    return false;
}

/// Where a thread is stopped that sends, the kernel begins its stream again in the midst of it.
std::optional<stream::Command> FilledSource::next_in_outline() {
    try {
        return reader_.next();
    } catch (const stream::Refused& refused) {
        throw PassingFailure(
            ExitCode::sending,
            fmt::format("cannot send {}: the kernel's stream was broken off: was this program "
                        "stopped, or the machine suspended? ({})",
                        escape_text(snapshot_.native()), refused.what()),
            "run this again: what the receiver has stays there");
    }
}

bool FilledSource::begin_outline() {
    if (!outline_ && hold_.is_held()) {
        changed_ = btrfs::last_change_in(files_.root());
        outline_.emplace(request_);
    }
    return outline_.has_value();
}

bool FilledSource::read_outline() {
    if (has_ended_ || !begin_outline() ||
        !sys::wait_readable(descriptor(), std::chrono::milliseconds{0})) {
        return false;
    }
    const auto count =
        sys::read_some(descriptor(), reader_.space(), ExitCode::sending, "the kernel's stream");
    reader_.commit(count);
    has_ended_ = count == 0;
    return !has_ended_;
}

/// In a full stream all extents of a file come after it is made, and before another one is.
void FilledSource::take(const stream::Command& command) {
    if (command.type() == stream::CommandType::update_extent) {
        begin_extent(command);
        return;
    }
    if (command.type() == stream::CommandType::mkfile) {
        file_ = stream::inode_made_by(command);
    }
    command_ = command;
}

void FilledSource::begin_extent(const stream::Command& command) {
    const auto named = stream::named_extent(command);
    const auto found = extents_.at(file_, named.offset);
    if (!found) {
        throw Failure(
            ExitCode::sending,
            fmt::format("cannot send {}: the file {} has no data at byte {}, where the "
                        "kernel says that it has",
                        escape_text(snapshot_.native()), escape_text(named.path), named.offset),
            unreadable_file_hint);
    }
    files_.turn_to(file_, extents_.generation());
    inline_data_ = found->inline_data;
    filling_.begin(named, found->extent);
}

void FilledSource::move_on(const Unit& unit) {
    offset_ += unit.size();
    if (!header_.empty()) {
        header_.clear();
    } else if (command_) {
        command_.reset();
    } else {
        filling_.move_on();
    }
}

void FilledSource::put(const Unit& unit, std::span<std::byte> into) {
    std::copy(unit.head.begin(), unit.head.end(), into.begin());
    if (unit.data_size > 0) {
        put_data(into.subspan(unit.head.size()));
        stream::seal(into);
    }
    move_on(unit);
}

void FilledSource::put_data(std::span<std::byte> into) {
    const auto& data = filling_.current();
    const auto& extent = filling_.extent();
    const bool lies_here =
        extent.is_inline &&
        (data.is_encoded || (extent.compression == 0 && data.file_offset == extent.offset)) &&
        inline_data_.size() >= into.size();
    if (lies_here) {
        std::copy_n(inline_data_.begin(), into.size(), into.begin());
        return;
    }
    const int error = data.is_encoded ? files_.read_encoded(data.file_offset, into, extent)
                                      : files_.read(data.file_offset, into);
    if (error != 0) {
        fail(error);
    }
}

void FilledSource::finish() {
    outline_.value().finish();
    if (!hold_.is_held() || btrfs::last_change_in(files_.root()) != changed_) {
        throw Failure(ExitCode::sending,
                      fmt::format("cannot send {}: it was changed while it was sent",
                                  escape_text(snapshot_.native())),
                      "leave snapshots read-only, and run this again: what is there then is sent");
    }
}

void FilledSource::fail(int error) const {
    if (error == ESTALE || error == ENOENT) {  // no file of it can be opened any more
        throw Failure(ExitCode::sending,
                      fmt::format("cannot send {}: the file {} is gone: was the snapshot deleted?",
                                  escape_text(snapshot_.native()), escape_text(filling_.path())),
                      "run this again: what is there then is sent");
    }
    const bool is_forbidden = error == EACCES || error == EPERM;
    throw Failure(ExitCode::sending,
                  fmt::format("cannot send {}: the file {} cannot be read at byte {}: {}",
                              escape_text(snapshot_.native()), escape_text(filling_.path()),
                              filling_.current().file_offset, sys::error_text(error)),
                  is_forbidden
                      ? "let this run as root who may read every file: see the journal for "
                        "what forbids it (SELinux, AppArmor, a sandbox)"
                      : unreadable_file_hint);
}

}  // namespace

std::unique_ptr<OutlinedSource> make_filled_source(const btrfs::SendRequest& request,
                                                   std::uint32_t writes) {
    return std::make_unique<FilledSource>(request, writes);
}

}  // namespace snapferry::send
