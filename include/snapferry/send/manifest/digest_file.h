#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/manifest/digest_record.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::send {

/// The records of one file, in the order of their inodes. Of each only the inode's number is in
/// memory.
class DigestFile {
  public:
    /// Nothing where there is none. Throws Failure (sending) where it cannot be read, or is not
    /// what was written: damaged, or of another version.
    static std::optional<DigestFile> open(const std::filesystem::path& file);

    [[nodiscard]] const std::vector<Uuid>& lineage() const { return header_.lineage; }
    [[nodiscard]] std::size_t count() const { return inodes_.size(); }
    [[nodiscard]] std::uint64_t inode(std::size_t index) const { return inodes_[index]; }

    /// Which one is of this inode.
    [[nodiscard]] std::optional<std::size_t> find(std::uint64_t inode) const;

    /// Throws Failure (sending). One thread at a time.
    manifest::DigestRecord record(std::size_t index);

  private:
    DigestFile(sys::UniqueFd file, std::string shown, manifest::DigestHeader header)
        : file_(std::move(file)), shown_(std::move(shown)), header_(std::move(header)) {}
    void read_around(std::size_t index);
    bool read_through(std::span<const std::byte> header);

    sys::UniqueFd file_;
    std::string shown_;
    manifest::DigestHeader header_;
    std::vector<std::uint64_t> inodes_;
    std::vector<std::byte> window_;  ///< the records from window_begin_ on
    std::size_t window_begin_ = 0;
};

/// Writes such a file beside the one that is there, and takes its place when it is whole. Without
/// finish() nothing has changed. A power cut may leave a file that is damaged, which costs reading.
class DigestFileWriter {
  public:
    /// Throws Failure (sending), as all of it.
    DigestFileWriter(std::filesystem::path file, const manifest::DigestHeader& header);
    ~DigestFileWriter();
    DigestFileWriter(const DigestFileWriter&) = delete;
    DigestFileWriter& operator=(const DigestFileWriter&) = delete;

    /// In the order of the inodes, as many as the header says.
    void add(const manifest::DigestRecord& record);
    void finish();

  private:
    void put(std::span<const std::byte> bytes);
    void flush();

    std::filesystem::path place_;
    std::filesystem::path fresh_;
    sys::UniqueFd file_;
    std::vector<std::byte> held_;
    wire::StreamDigest digest_;
};

}  // namespace snapferry::send
