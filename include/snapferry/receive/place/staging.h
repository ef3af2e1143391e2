#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "snapferry/core/encoded/encoded_ranges.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// A room of a tag's: the subvolume in which a stream is received, before anything is a backup.
/// Whoever uses it holds the tag's lock.
class Staging {
  public:
    static constexpr auto alias_name = "parent";

    /// `disk` vouches for what is written here, from now on. It must outlive this.
    Staging(std::filesystem::path path, btrfs::Durability& disk)
        : path_(std::move(path)), disk_(disk) {}

    /// Makes the subvolume where it is missing. Throws Failure where something else has its name.
    void make() const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path entry(const std::string& name) const {
        return path_ / name;
    }

    /// Deletes everything but the entries named. True where that was anything; it is durable, and
    /// gives its space back, after a sync and some time.
    bool empty(const std::set<std::string>& but = {}) const;

    /// Brings a parent in: a snapshot of it under alias_name with a fresh random received uuid,
    /// which is returned. No other subvolume of the disk can be taken for it.
    [[nodiscard]] Uuid make_alias(const std::filesystem::path& parent) const;

    /// True where `name` is a read-only subvolume with this received uuid: what `btrfs receive`
    /// makes of a stream that it took to the end.
    [[nodiscard]] bool holds(const std::string& name, const Uuid& received_uuid) const;

    /// Gives a received subvolume another received uuid.
    void rename_received(const std::string& name, const Uuid& uuid,
                         std::uint64_t sender_transid) const;

    /// Returns when all that was received into this entry is on the disk: synced, and `encoded`,
    /// what came compressed, is there. Throws Failure (receiving) where anything of it was lost.
    void require_durable(const std::string& name, const stream::EncodedRanges& encoded) const;

    /// Throws Failure (receiving) where anything but the entries named lies here.
    void require_only(const std::set<std::string>& names) const;

  private:
    std::filesystem::path path_;
    btrfs::Durability& disk_;
};

}  // namespace snapferry::receive
