#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/send/manifest/digest_file.h"
#include "snapferry/sys/tree/known_digests.h"

namespace snapferry::send {

/// What a job knows of the contents of inodes from its last manifest, and learns for the next. To
/// lose it costs reading everything once more, and nothing else: so nothing of this throws, and
/// what goes wrong is told to the log.
class DigestMemory final : public sys::KnownDigests {
  public:
    /// What is in `file` counts where it is about the same numbers of inodes as the snapshot.
    DigestMemory(std::filesystem::path file, const WantedManifest& of, Log& log);

    /// Nothing is known: everything is going to be read.
    [[nodiscard]] bool is_empty() const { return seen_.empty(); }

    std::optional<sys::InodeDigests> find(const sys::Walk& walk, const sys::Found& found) override;

    void learn(const sys::Walk& walk, const sys::Found& found,
               const sys::InodeDigests& digests) override;

    /// The whole tree has been gone through: what was not come to is gone.
    void finish();

    /// It was not gone through to its end: nothing is forgotten.
    void save();

    /// The same from time to time: a first manifest that is killed goes on there.
    void save_where_it_is_time();

  private:
    void try_to_open();
    void rewrite(bool without_unseen);
    [[nodiscard]] std::vector<std::size_t> staying(bool without_unseen) const;

    std::filesystem::path file_;
    std::vector<Uuid> lineage_;
    std::optional<std::chrono::sys_seconds> taken_;
    Log& log_;
    std::optional<DigestFile> known_;
    std::vector<bool> seen_;                                 ///< of known_, which are as they were
    std::map<std::uint64_t, manifest::DigestRecord> fresh_;  ///< by inode
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration saving_took_{};
};

}  // namespace snapferry::send
