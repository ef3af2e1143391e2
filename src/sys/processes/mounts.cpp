#include "snapferry/sys/processes/mounts.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t max_mountinfo = 16 * 1024 * 1024;  // bytes; a few hundred per mount

bool is_octal(char character) {
    return character >= '0' && character <= '7';
}

/// mountinfo writes blanks and backslashes as \ooo.
std::string unescape_octal(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digits = text.substr(i + 1, 3);
        if (text[i] == '\\' && digits.size() == 3 &&
            std::all_of(digits.begin(), digits.end(), is_octal)) {
            plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 +
                                       (digits[2] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view mountinfo) {
    constexpr std::size_t device = 2;  // fields, counted from 0; proc(5)
    constexpr std::size_t root = 3;
    constexpr std::size_t point = 4;
    constexpr std::size_t first_optional = 6;
    std::vector<Mount> mounts;
    for (const auto line : split(mountinfo, '\n')) {
        // Only there: a mount point may hold what else counts as white space, a carriage return
        // say.
        const auto fields = split(line, ' ');
        if (fields.size() <= first_optional) {
            continue;
        }
        const auto separator = std::find(fields.begin() + first_optional, fields.end(), "-");
        if (fields.end() - separator > 1) {
            mounts.push_back({std::string(fields[device]), unescape_octal(fields[point]),
                              std::string(separator[1]),
                              fields.end() - separator > 3 ? std::string(separator[3]) : "",
                              unescape_octal(fields[root])});
        }
    }
    return mounts;
}

std::vector<Mount> current_mounts() {
    const auto text = read_small_file("/proc/self/mountinfo", max_mountinfo);
    if (!text) {
        throw Failure(ExitCode::internal, "cannot read /proc/self/mountinfo", "is /proc mounted?");
    }
    return parse_mounts(*text);
}

std::optional<Mount> mount_at(const std::vector<Mount>& mounts,
                              const std::filesystem::path& point) {
    const auto found = std::find_if(mounts.rbegin(), mounts.rend(),
                                    [&](const Mount& mount) { return mount.point == point; });
    return found == mounts.rend() ? std::nullopt : std::optional(*found);
}

std::optional<Mount> mount_of(const std::vector<Mount>& mounts, const std::filesystem::path& path) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    if (error) {
        throw Failure(
            ExitCode::directory_missing,
            fmt::format("cannot find {}: {}", escape_text(path.native()), error.message()));
    }
    for (auto point = real;; point = point.parent_path()) {
        if (auto mount = mount_at(mounts, point)) {
            return mount;
        }
        if (point == point.parent_path()) {
            return std::nullopt;
        }
    }
}

void have_mounted(const std::filesystem::path& point) {
    const UniqueFd looked(::open(point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace snapferry::sys
