#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/wire/outline_digest.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// The stream of a snapshot, whoever makes it. It is slowed by not reading, and ended by the
/// destructor.
class StreamSource {
  public:
    virtual ~StreamSource() = default;
    StreamSource(const StreamSource&) = delete;
    StreamSource& operator=(const StreamSource&) = delete;

    /// Puts the next bytes of the stream into `into`, and returns how many: 0 at its end, nothing
    /// where there are none yet. Throws Failure (sending).
    virtual std::optional<std::size_t> read(std::span<std::byte> into) = 0;

    /// For poll(): where read() had nothing, readable when it may have.
    [[nodiscard]] virtual int descriptor() const = 0;

    /// After the end: throws Failure (sending) where what was read is not the whole.
    virtual void finish() = 0;

  protected:
    StreamSource() = default;
};

/// What has become of going over a part of a stream without its data.
enum class Passing {
    waits,      ///< on the descriptor
    goes_on,    ///< there is more to pass over at once
    arrived,    ///< at the border of two commands
    no_border,  ///< there is none at that offset; the source is of no more use
};

/// One whose size is known without reading any file, so that its beginning can be passed over.
class OutlinedSource : public StreamSource {
  public:
    /// Goes on to this offset of the stream, as far as can be at once. `digest` takes in what is
    /// passed over. Nothing of a command may have been read in part.
    virtual Passing pass_over(std::uint64_t end, wire::OutlineDigest& digest) = 0;
};

/// The kernel's stream.
std::unique_ptr<StreamSource> make_kernel_source(const btrfs::SendRequest& request);

/// The same stream of a snapshot without a parent, by its outline alone from the kernel: the files
/// are read here. `writes`: bytes of data in a WRITE. Throws Failure (sending).
std::unique_ptr<OutlinedSource> make_filled_source(const btrfs::SendRequest& request,
                                                   std::uint32_t writes);

/// What to do where a file cannot be read.
inline constexpr const char* unreadable_file_hint =
    "look for errors of the disk (dmesg; btrfs device stats), and read that file: "
    "one that cannot be read is to be deleted, or put back from a backup";

}  // namespace snapferry::send
