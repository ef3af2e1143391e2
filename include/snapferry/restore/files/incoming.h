#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/restore/piece.h"

namespace snapferry::restore {

/// What the other machine says, read from a descriptor, in bounded memory. Every failure is Failure
/// (protocol), or connection where it ends too soon.
class Incoming {
  public:
    explicit Incoming(int descriptor);

    /// A line without its end, no longer than `most` bytes.
    std::string line(std::size_t most);

    /// So many bytes, no more than a few MiB.
    std::string bytes(std::size_t count);

    Piece piece();

    /// The entries of a manifest, as they come, up to its end.
    void manifest(const std::function<void(const manifest::Entry& entry)>& take);

  private:
    void read_more();

    int descriptor_;
    std::vector<std::byte> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// Written to the other machine in pieces of some size.
class Outgoing {
  public:
    explicit Outgoing(int descriptor) : descriptor_(descriptor) {}

    void write(std::string_view text);
    void flush();

  private:
    int descriptor_;
    std::string held_;
};

}  // namespace snapferry::restore
