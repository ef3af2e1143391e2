#include "snapferry/core/manifest/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <ranges>
#include <span>

#include "snapferry/core/manifest/escape.h"
#include "snapferry/core/manifest/form.h"
#include "snapferry/core/text/hexadecimal.h"
#include "snapferry/core/text/split.h"

namespace snapferry::manifest {
namespace {

constexpr std::uint32_t all_mode_bits = 07777;
constexpr std::uint32_t nanoseconds_in_a_second = 1'000'000'000;
constexpr std::size_t nanosecond_digits = 9;

struct KindName {
    Kind kind;
    std::string_view name;  ///< as mtree(5) has it
};

constexpr std::array kind_names{
    KindName{Kind::directory, "dir"},        KindName{Kind::file, "file"},
    KindName{Kind::symlink, "link"},         KindName{Kind::fifo, "fifo"},
    KindName{Kind::socket, "socket"},        KindName{Kind::block_device, "block"},
    KindName{Kind::character_device, "char"}};

std::string_view name_of(Kind kind) {
    return std::ranges::find(kind_names, kind, &KindName::kind)->name;
}

std::optional<Kind> kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(kind_names, name, &KindName::name);
    return found == kind_names.end() ? std::nullopt : std::optional(found->kind);
}

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::optional<Digest> digest_in(std::string_view text) {
    Digest digest{};
    return parse_hexadecimal(text, digest) ? std::optional(digest) : std::nullopt;
}

std::string tags_of(const Entry& entry) {
    std::string tags;
    if (entry.group) {
        tags += fmt::format("group:{}", *entry.group);
    }
    if (entry.xattrs) {
        tags += fmt::format("{}xattr:{}", tags.empty() ? "" : ",", hexadecimal(*entry.xattrs));
    }
    return tags;
}

using Words = std::map<std::string_view, std::string_view>;  // keyword: value

std::optional<Words> words_in(std::span<const std::string_view> parts) {
    Words words;
    for (const auto part : parts) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos ||
            !words.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
            return std::nullopt;
        }
    }
    return words;
}

std::string_view word(const Words& words, std::string_view key) {
    const auto found = words.find(key);
    return found == words.end() ? std::string_view{} : found->second;
}

bool take_time(std::string_view text, Time& time) {
    const auto point = text.find('.');
    if (point == std::string_view::npos || text.size() - point - 1 != nanosecond_digits) {
        return false;
    }
    const auto seconds = number_in<std::int64_t>(text.substr(0, point));
    const auto nanoseconds = number_in<std::uint32_t>(text.substr(point + 1));
    if (!seconds || !nanoseconds || *nanoseconds >= nanoseconds_in_a_second) {
        return false;
    }
    time = {*seconds, *nanoseconds};
    return true;
}

std::optional<Device> device_in(std::string_view text) {
    const auto parts = split(text, ',');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    const auto major = number_in<std::uint32_t>(parts[1]);
    const auto minor = number_in<std::uint32_t>(parts[2]);
    return major && minor ? std::optional(Device{*major, *minor}) : std::nullopt;
}

bool take_tags(std::string_view text, Entry& entry) {
    for (const auto tag : split(text, ',')) {
        const auto colon = std::min(tag.find(':'), tag.size() - 1);
        const auto value = tag.substr(colon + 1);
        if (tag.starts_with("group:")) {
            entry.group = number_in<std::uint64_t>(value);
        } else {
            entry.xattrs = digest_in(value);
        }
    }
    return entry.group || entry.xattrs;
}

bool take_common(const Words& words, Entry& entry) {
    const auto kind = kind_named(word(words, "type"));
    const auto mode = number_in<std::uint32_t>(word(words, "mode"), 8);
    const auto uid = number_in<std::uint32_t>(word(words, "uid"));
    const auto gid = number_in<std::uint32_t>(word(words, "gid"));
    if (!kind || !mode || *mode > all_mode_bits || !uid || !gid) {
        return false;
    }
    entry.kind = *kind;
    entry.mode = *mode;
    entry.uid = *uid;
    entry.gid = *gid;
    return take_time(word(words, "time"), entry.modified);
}

bool is_device(Kind kind) {
    return kind == Kind::block_device || kind == Kind::character_device;
}

/// What only its kind has.
bool take_own(const Words& words, Entry& entry) {
    if (entry.kind == Kind::file) {
        entry.size = number_in<std::uint64_t>(word(words, "size"));
        entry.contents = digest_in(word(words, "sha256"));
        return entry.size && entry.contents;
    }
    if (entry.kind == Kind::symlink) {
        entry.target = unescaped(word(words, "link"));
        return entry.target && entry.target->size() <= longest_path;
    }
    if (is_device(entry.kind)) {
        entry.device = device_in(word(words, "device"));
        return entry.device.has_value();
    }
    return true;
}

constexpr std::string_view magic = "*?[";

bool has_magic(std::string_view name) {
    return name.find_first_of(magic) != std::string_view::npos;
}

/// mtree takes a name with such a sign for a pattern: this one matches the name alone.
std::string pattern_of(std::string_view name) {
    std::string pattern;
    for (const char byte : name) {
        if (has_magic(name) && (byte == '\\' || has_magic({&byte, 1}))) {
            pattern += '\\';
        }
        pattern += byte;
    }
    return pattern;
}

std::string name_of_pattern(std::string_view pattern) {
    std::string name;
    for (std::size_t place = 0; place < pattern.size(); ++place) {
        const bool quotes = has_magic(pattern) && pattern[place] == '\\';
        if (quotes && place + 1 < pattern.size()) {
            ++place;
        }
        name += pattern[place];
    }
    return name;
}

/// Each of its names as `as` makes it.
template <typename As>
std::string path_of(std::string_view path, const As& as) {
    std::string whole;
    for (const auto name : split(path, '/')) {
        whole += as(name) + "/";
    }
    whole.pop_back();
    return whole;
}

bool take_path(std::string_view text, std::string& path) {
    if (text == ".") {
        return true;
    }
    const auto patterns = text.starts_with("./") ? unescaped(text.substr(2)) : std::nullopt;
    path = path_of(patterns.value_or(""), name_of_pattern);
    return patterns && is_path_beneath(path);
}

std::optional<Entry> read(std::string_view line) {
    const auto parts = split(line, ' ');
    const auto words = words_in(std::span(parts).subspan(1));
    Entry entry;
    if (!words || !take_path(parts.front(), entry.path) || !take_common(*words, entry) ||
        !take_own(*words, entry)) {
        return std::nullopt;
    }
    if (words->contains("tags") && !take_tags(word(*words, "tags"), entry)) {
        return std::nullopt;
    }
    return entry;
}

}  // namespace

std::string line_of(const Entry& entry) {
    auto line =
        entry.path.empty() ? std::string(".") : "./" + escaped(path_of(entry.path, pattern_of));
    line += fmt::format(" type={} mode=0{:o} uid={} gid={} time={}.{:09}", name_of(entry.kind),
                        entry.mode, entry.uid, entry.gid, entry.modified.seconds,
                        entry.modified.nanoseconds);
    if (entry.size) {
        line += fmt::format(" size={}", *entry.size);
    }
    if (entry.contents) {
        line += fmt::format(" sha256={}", hexadecimal(*entry.contents));
    }
    if (entry.target) {
        line += fmt::format(" link={}", escaped(*entry.target));
    }
    if (entry.device) {
        line += fmt::format(" device=native,{},{}", entry.device->major, entry.device->minor);
    }
    if (const auto tags = tags_of(entry); !tags.empty()) {
        line += fmt::format(" tags={}", tags);
    }
    return line;
}

/// What was read must be said again in the same words: so a line can mean one thing only, and none
/// that this version does not know is passed over.
std::optional<Entry> parse_line(std::string_view line) {
    auto entry = read(line);
    return entry && line_of(*entry) == line ? entry : std::nullopt;
}

bool is_path_beneath(std::string_view path) {
    return path.size() <= longest_path && path.find('\0') == std::string_view::npos &&
           std::ranges::all_of(split(path, '/'), [](std::string_view name) {
               return !name.empty() && name != "." && name != ".." && name.size() <= longest_name;
           });
}

}  // namespace snapferry::manifest
