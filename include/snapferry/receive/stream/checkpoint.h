#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/guard/guard.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/change_count.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::receive {

/// An unfinished receive that survives a power cut: docs/checkpoint.md.
struct Checkpoint {
    stream::StreamIdentity identity;
    stream::Form form = stream::Form::v1;
    std::optional<Uuid> alias_uuid;  ///< received uuid of the parent's alias in staging
    std::string partial;             ///< the subvolume in staging that holds what came so far
    Uuid partial_uuid;               ///< its received uuid
    std::uint64_t segments = 0;      ///< how many were received
    std::vector<wire::StreamShare> shares;  ///< each with its MAC
    std::size_t room = 0;                   ///< which of the tag's two rooms it lies in (target.h)

    /// What came so far has done to files; nothing where an earlier version counted nothing.
    std::optional<stream::ChangeCount> changes{};

    std::optional<std::uint32_t> writes{};  ///< as announced; then each share has its outline
    std::optional<wire::Claim> claim{};     ///< of whoever vouches for all that came so far

    /// Bytes of the stream that the partial holds.
    [[nodiscard]] std::uint64_t offset() const { return shares.empty() ? 0 : shares.back().end; }
};

/// The checkpoint in the file; nothing where there is none, or it is not sound (then `why` says
/// so).
std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& file, std::string& why);

/// Replaces the file durably.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);

}  // namespace snapferry::receive
