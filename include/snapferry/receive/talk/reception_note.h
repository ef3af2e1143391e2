#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/report/progress_text.h"
#include "snapferry/core/status/under_way.h"
#include "snapferry/sys/progress_file.h"

namespace snapferry::receive {

/// Tells whoever looks (`snapferry status`) how far a receive is, while it lives. Its caller holds
/// the tag's lock. A receive needs no note: one that cannot be written is none.
class ReceptionNote {
  public:
    /// `whole`: what the stream may come to, in bytes, as the sender says.
    ReceptionNote(const Tag& tag, std::string snapshot, std::optional<std::uint64_t> whole);

    /// So much of the stream has come. One thread at a time.
    void came(std::uint64_t received) noexcept;

  private:
    sys::ProgressFile file_;
    UnderWay at_;
    RateMeter rate_;
};

}  // namespace snapferry::receive
