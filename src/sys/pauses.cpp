#include "snapferry/sys/pauses.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/name_order.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t largest_note = 4096;  // bytes

/// Seconds since 1970 on a line, and then why.
Pause read_note(const std::string& tag, std::string_view text) {
    Pause pause{tag};
    std::int64_t seconds = 0;
    const auto end_of_line = text.find('\n');
    const auto first = text.substr(0, end_of_line);
    const auto read = std::from_chars(first.data(), first.data() + first.size(), seconds);
    if (end_of_line == std::string_view::npos || read.ec != std::errc{} ||
        read.ptr != first.data() + first.size()) {
        return pause;
    }
    pause.since = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    pause.why = text.substr(end_of_line + 1);
    if (pause.why.ends_with('\n')) {
        pause.why.pop_back();
    }
    return pause;
}

}  // namespace

std::string pause_text(const Pause& pause) {
    return fmt::format("paused{}{}",
                       pause.since ? " since " + local_time_text(*pause.since) : std::string{},
                       pause.why.empty() ? std::string{} : ": " + escape_text(pause.why));
}

Pauses::Pauses(const std::filesystem::path& state_dir) : directory_(state_dir / "paused") {}

std::filesystem::path Pauses::file_of(const std::string& tag) const {
    return directory_ / tag;
}

std::optional<Pause> Pauses::of(const std::string& tag) const {
    if (!kind_of(file_of(tag))) {
        return std::nullopt;
    }
    try {
        const auto text = read_small_file(file_of(tag), largest_note);
        return text ? std::optional(read_note(tag, *text)) : std::nullopt;
    } catch (const Failure&) {
        return Pause{tag};
    }
}

std::vector<Pause> Pauses::all() const {
    std::vector<Pause> found;
    for (const auto& entry : entries_of(directory_, ExitCode::configuration)) {
        if (Tag::is_tag(entry.name)) {
            if (auto pause = of(entry.name)) {
                found.push_back(std::move(*pause));
            }
        }
    }
    std::ranges::sort(found, is_listed_before, &Pause::tag);
    return found;
}

void Pauses::begin(const Tag& tag, const std::string& why) const {
    if (of(tag.text())) {
        return;
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    make_private_directory(directory_.parent_path());
    make_private_directory(directory_);
    sync_directory_of(directory_, ExitCode::configuration);
    replace_file(file_of(tag.text()), fmt::format("{}\n{}\n", now.time_since_epoch().count(), why));
}

bool Pauses::end(const std::string& tag) const {
    if (!Tag::is_tag(tag) || !kind_of(file_of(tag))) {
        return false;
    }
    delete_file(file_of(tag));
    return true;
}

}  // namespace snapferry::sys
