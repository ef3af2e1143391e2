#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/stream/command.h"
#include "snapferry/core/stream/filling/file_extent.h"
#include "snapferry/core/stream/form.h"

/// A stream's outline is what the kernel makes of a snapshot without data: in place of the commands
/// that bring an extent's data, one UPDATE_EXTENT names it. To fill it is to put those commands
/// there again.
namespace snapferry::stream {

/// How a stream is filled. The same form and numbers make the same bytes of a snapshot each time.
struct FillingRule {
    Form form = Form::v1;
    std::uint32_t writes = 0;  ///< bytes of data in a WRITE, but for an extent's last; above 0
    std::uint32_t sector_size = 4096;  ///< bytes; of the filesystem
};

/// A command that brings data.
struct DataCommand {
    std::span<const std::byte> head;  ///< as far as the value of DATA, its CRC zero
    std::size_t data_size = 0;        ///< bytes that follow
    std::uint64_t file_offset = 0;
    bool is_encoded = false;  ///< the data is the extent as it lies; else what the file has there

    [[nodiscard]] std::size_t size() const { return head.size() + data_size; }
};

/// What an UPDATE_EXTENT names.
struct NamedExtent {
    std::string_view path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Throws Refused where it has not just the attributes of one, or they cannot be.
NamedExtent named_extent(const Command& update_extent);

/// The commands in place of one UPDATE_EXTENT. Source: fs/btrfs/send.c, send_extent_data(): what is
/// made here is what the kernel makes where its writes are as long.
class ExtentFilling {
  public:
    /// As one that has come to its end.
    explicit ExtentFilling(FillingRule rule) : rule_(rule) {}

    /// Begins with the extent of the file, or a part of it, that is named. Throws Refused where it
    /// is compressed in an unknown way.
    void begin(const NamedExtent& named, const FileExtent& extent);

    [[nodiscard]] bool has_more() const { return at_ < end_; }

    /// The next command, while there is one; a view, good until move_on() or begin().
    [[nodiscard]] const DataCommand& current() const { return current_; }
    void move_on();

    /// The file, as the command named it.
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const FileExtent& extent() const { return extent_; }

  private:
    void make();
    void make_write(std::size_t data_size);
    void make_encoded_write();
    [[nodiscard]] bool goes_encoded() const;

    FillingRule rule_;
    FileExtent extent_;
    std::string path_;
    std::uint64_t begin_ = 0;
    std::uint64_t at_ = 0;
    std::uint64_t end_ = 0;
    std::vector<std::byte> head_;
    DataCommand current_;
};

/// The number, in the snapshot, of the file that a MKFILE makes. Throws Refused likewise.
std::uint64_t inode_made_by(const Command& mkfile);

}  // namespace snapferry::stream
