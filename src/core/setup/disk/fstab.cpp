#include "snapferry/core/setup/disk/fstab.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/text/split.h"

namespace snapferry::setup {
namespace {

constexpr std::array<std::string_view, 4> wanted{"nosuid", "nodev", "noexec", "noatime"};

bool is_octal(std::string_view digits) {
    return digits.size() == 3 &&
           std::ranges::all_of(digits, [](char digit) { return digit >= '0' && digit <= '7'; });
}

/// Blanks stand as \040 and the like.
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digits = text.substr(i + 1, 3);
        if (text[i] == '\\' && is_octal(digits)) {
            plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 +
                                       (digits[2] - '0'));
            i += digits.size();
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::vector<std::string> split_options(std::string_view text) {
    std::vector<std::string> options;
    for (const auto part : split(text, ',')) {
        options.push_back(unescaped(part));
    }
    return options;
}

std::string escaped(std::string_view text) {
    std::string field;
    for (const char character : text) {
        const bool is_special = static_cast<unsigned char>(character) <= ' ' || character == '\\' ||
                                character == '#' || character == '"';
        field += is_special
                     ? fmt::format("\\{:03o}",
                                   static_cast<unsigned>(static_cast<unsigned char>(character)))
                     : std::string(1, character);
    }
    return field;
}

/// As names of devices are compared: without quotes, and a UUID however its letters are written.
std::string plain_source(std::string text) {
    std::erase(text, '"');
    constexpr std::string_view by_uuid = "UUID=";
    if (text.starts_with(by_uuid)) {
        std::transform(
            text.begin() + by_uuid.size(), text.end(), text.begin() + by_uuid.size(),
            [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    }
    return text;
}

/// "/mnt/backups/" is "/mnt/backups".
std::string_view plain_point(std::string_view point) {
    while (point.size() > 1 && point.ends_with('/')) {
        point.remove_suffix(1);
    }
    return point;
}

}  // namespace

std::vector<FstabEntry> parse_fstab(std::string_view text) {
    std::vector<FstabEntry> entries;
    for (const auto line : lines_of(text)) {
        std::istringstream fields{std::string(content_of(line))};
        std::string source;
        std::string point;
        std::string type;
        std::string options;
        if (fields >> source >> point >> type && !source.starts_with('#')) {
            fields >> options;
            entries.push_back({unescaped(source), unescaped(point), type, split_options(options)});
        }
    }
    return entries;
}

std::optional<FstabEntry> entry_at(std::string_view text, std::string_view point) {
    for (auto& entry : parse_fstab(text)) {
        if (plain_point(entry.point) == plain_point(point)) {
            return std::move(entry);
        }
    }
    return std::nullopt;
}

std::optional<FstabEntry> entry_of(std::string_view text, std::string_view uuid) {
    for (auto& entry : parse_fstab(text)) {
        if (plain_source(entry.source) == plain_source(fmt::format("UUID={}", uuid))) {
            return std::move(entry);
        }
    }
    return std::nullopt;
}

std::optional<FstabEntry> entry_naming(std::string_view text,
                                       const std::vector<std::string>& names) {
    const auto is_one = [&](const FstabEntry& entry) {
        return std::ranges::any_of(names, [&](const std::string& name) {
            return plain_source(name) == plain_source(entry.source);
        });
    };
    for (auto& entry : parse_fstab(text)) {
        if (is_one(entry)) {
            return std::move(entry);
        }
    }
    return std::nullopt;
}

std::string fstab_line(std::string_view uuid, std::string_view point, std::string_view subvolume) {
    const auto which = subvolume.empty() || subvolume == "/"
                           ? std::string{}
                           : fmt::format("subvol={},", escaped(subvolume));
    return fmt::format("UUID={} {} btrfs nofail,{}{} 0 0", uuid, escaped(point), which,
                       fmt::join(wanted, ","));
}

bool mounts_subvolume(const FstabEntry& entry, std::string_view subvolume) {
    const auto of_default = [](const std::string& option) {
        return option.starts_with("subvol=") || option.starts_with("subvolid=");
    };
    const auto found = std::ranges::find_if(entry.options, of_default);
    if (found == entry.options.end()) {
        return subvolume == "/";
    }
    constexpr std::string_view by_path = "subvol=";
    if (!found->starts_with(by_path)) {
        return true;  // by a number, which a person has looked up
    }
    const auto named = std::string_view(*found).substr(by_path.size());
    return plain_point(named) == plain_point(subvolume) ||
           (subvolume.starts_with('/') && plain_point(named) == plain_point(subvolume.substr(1)));
}

bool is_mounted_at_a_start(const FstabEntry& entry) {
    const auto has = [&](std::string_view option) {
        return std::ranges::find(entry.options, option) != entry.options.end();
    };
    return !has("noauto") || has("x-systemd.automount");
}

std::vector<std::string> missing_mount_options(const std::vector<std::string>& options) {
    std::vector<std::string> missing;
    for (const auto option : wanted) {
        if (std::ranges::find(options, option) == options.end()) {
            missing.emplace_back(option);
        }
    }
    return missing;
}

std::vector<std::string> fstab_errors(std::string_view findmnt) {
    std::vector<std::string> errors;
    std::string_view point;
    for (const auto line : lines_of(findmnt)) {
        const auto text = content_of(line);
        const auto begin = text.find_first_not_of(' ');
        if (begin == 0) {
            point = text;
        } else if (begin != std::string_view::npos && text.substr(begin).starts_with("[E]")) {
            constexpr std::size_t mark = 4;  // characters: "[E] "
            errors.push_back(
                fmt::format("{}: {}", point, text.substr(std::min(begin + mark, text.size()))));
        }
    }
    return errors;
}

}  // namespace snapferry::setup
