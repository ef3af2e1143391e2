#pragma once

#include <filesystem>
#include <functional>

#include "snapferry/core/proof/book.h"
#include "snapferry/receive/backups/tag_view.h"

/// What is remembered of proofs, beside the backups: target_dir/.snapferry/TAG.verified.
namespace snapferry::receive {

/// An empty one where nothing is remembered; one that is not sound where it cannot be understood.
/// Throws Failure where the file cannot be read.
proof::Book read_proofs(const std::filesystem::path& file);

/// Reads, has it changed, drops what is known of backups that are gone, and writes: durable on
/// return. Two that do so at once wait for each other. Throws Failure.
void change_proofs(const TagView& view, const std::function<void(proof::Book&)>& change);

/// This moment, by the backup disk's counted clock and by this machine's.
proof::When proof_moment(const Target& target);

}  // namespace snapferry::receive
