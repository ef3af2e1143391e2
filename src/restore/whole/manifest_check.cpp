#include "snapferry/restore/whole/manifest_check.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/proof/result.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/whole/lines.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::restore {
namespace {

constexpr std::chrono::seconds patience{120};

std::uint64_t read_length(int input) {
    constexpr std::size_t most_digits = 20;
    const auto line = read_line(input, most_digits, patience);
    std::uint64_t length = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), length);
    if (read.ec != std::errc{} || read.ptr != line.data() + line.size() ||
        length > manifest::most_packed) {
        throw Failure(ExitCode::protocol, "the other side sends no manifest, or too long a one");
    }
    return length;
}

}  // namespace

void take_manifest(int input, const std::filesystem::path& file) {
    const sys::UniqueFd into(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!into) {
        throw sys::system_failure(ExitCode::receiving, "write " + escape_text(file.native()));
    }
    std::array<std::byte, 64 * 1024> piece{};
    for (auto left = read_length(input); left > 0;) {
        const auto most = std::span(piece).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), left)));
        if (!sys::wait_readable(input, patience)) {
            throw Failure(ExitCode::protocol, "the manifest comes no further");
        }
        const auto count = sys::read_some(input, most, ExitCode::connection, "from the other side");
        if (count == 0) {
            throw Failure(ExitCode::connection, "the other side has ended amid the manifest");
        }
        sys::write_all(into.get(), most.first(count), ExitCode::receiving,
                       escape_text(file.native()));
        left -= count;
    }
}

bool matches_manifest(const std::filesystem::path& tree, const std::filesystem::path& manifest,
                      Log& log) {
    std::uint64_t told = 0;
    sys::ManifestFile expected(manifest, ExitCode::receiving);
    sys::TreeEntries found(tree, ExitCode::receiving);
    manifest::Comparison comparison([&](const manifest::Difference& difference) {
        if (++told <= proof::most_shown) {
            log.error("differs from the manifest: {}", text_of(proof::Differing{difference}));
        }
    });
    comparison.run([&] { return expected.next(); }, [&] { return found.next(); });
    if (comparison.differences() > proof::most_shown) {
        log.error("and {} more differ", comparison.differences() - proof::most_shown);
    }
    return comparison.differences() == 0;
}

}  // namespace snapferry::restore
