#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/proof/book.h"
#include "snapferry/core/retention/retention.h"

/// What a person at the receiver is shown of the backups there.
namespace snapferry {

struct ListedBackup {
    RetentionDecision decision;
    std::chrono::sys_seconds arrived;
    std::optional<std::uint64_t> new_bytes{};  ///< of its stream; nothing where nobody counted
    bool has_manifest = false;
    proof::CopyProof proof{};  ///< what verifying it came to
};

struct ListedTag {
    std::string tag;
    std::string policy;                   ///< "keep 7 14d, min_age 5 d"
    std::vector<ListedBackup> backups{};  ///< newest first
    std::vector<std::string> held{};      ///< why nothing of it is pruned, with what to do
    std::optional<proof::Drill> drill{};  ///< the last one
    proof::When now{};                    ///< what ages of proofs are told by
};

struct ListedDisk {
    std::uint64_t free = 0;   ///< bytes
    std::uint64_t total = 0;  ///< bytes
    /// When the last scrub that came to its end was begun.
    std::optional<std::chrono::sys_seconds> scrubbed{};
};

}  // namespace snapferry
