#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "snapferry/core/stream/command.h"
#include "snapferry/core/wire/stream_digest.h"

namespace snapferry::wire {

/// The checksum of a stream's outline: of everything in it but the data of files. It takes in the
/// stream's header, and of each command its bytes with the CRC zero and without the value of DATA,
/// whose length counts. Who makes the stream can so tell that it is the same up to some command
/// without reading any file. As StreamDigest, it finds accidents.
class OutlineDigest {
  public:
    /// The stream's header.
    void take_header(std::span<const std::byte> header) { digest_.update(header); }

    void take(const stream::Command& command);

    /// The bytes of a command as far as the value of DATA, which is its last attribute; all of
    /// them where it has none. Its header has the length of the whole command.
    void take_up_to_data(std::span<const std::byte> command);

    /// The digest of everything so far, as 32 hexadecimal digits; more may follow.
    [[nodiscard]] std::string text() const { return digest_.text(); }

    /// As new: for the next connection's share of the stream.
    void reset() { digest_.reset(); }

  private:
    StreamDigest digest_;
};

}  // namespace snapferry::wire
