#include "snapferry/sys/tree/manifest_file.h"

#include <fcntl.h>

#include <utility>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;  // bytes; what is read at once
constexpr std::byte first_of_packed{0x28};             // of zstd's magic number

}  // namespace

ManifestFile::ManifestFile(const std::filesystem::path& path, ExitCode code)
    : shown_(escape_text(path.native())),
      code_(code),
      file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
      buffer_(piece),
      reader_([this](const manifest::Entry& entry) { read_.push_back(entry); }) {
    if (!file_) {
        throw system_failure(code_, "open " + shown_);
    }
}

std::optional<manifest::Entry> ManifestFile::next() {
    while (read_.empty() && read_more()) {
    }
    if (read_.empty()) {
        return std::nullopt;
    }
    auto entry = std::move(read_.front());
    read_.pop_front();
    return entry;
}

bool ManifestFile::read_more() {
    if (summary_) {
        return false;
    }
    const auto count = read_some(file_.get(), buffer_, code_, shown_);
    if (count > 0) {
        take(std::span(buffer_).first(count));
        return true;
    }
    if (unpacker_) {
        unpacker_->finish();
    }
    summary_ = reader_.finish();
    return false;
}

/// The first byte tells: a text begins with "#".
void ManifestFile::take(std::span<const std::byte> bytes) {
    if (!begun_ && bytes.front() == first_of_packed) {
        unpacker_ = std::make_unique<manifest::Unpacker>(
            [this](std::span<const std::byte> unpacked) { reader_.push(unpacked); });
    }
    begun_ = true;
    if (unpacker_) {
        unpacker_->push(bytes);
    } else {
        reader_.push(bytes);
    }
}

}  // namespace snapferry::sys
