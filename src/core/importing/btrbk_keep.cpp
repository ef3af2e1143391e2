#include "snapferry/core/importing/btrbk_keep.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "snapferry/core/retention/retention.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"

namespace snapferry::importing {
namespace {

constexpr std::string_view letters = "hdwmy";  // in the order of Period

struct Span {
    std::size_t count = 0;  ///< most_kept: as many as there are
    Period period = Period::day;
};

/// "14d", "*m".
std::optional<Span> span_of(std::string_view word) {
    if (word.size() < 2) {
        return std::nullopt;
    }
    const auto letter = letters.find(word.back());
    word.remove_suffix(1);
    if (letter == std::string_view::npos) {
        return std::nullopt;
    }
    Span span{most_kept, all_periods.at(letter)};
    if (word == "*") {
        return span;
    }
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), span.count);
    return error == std::errc{} && end == word.data() + word.size() ? std::optional(span)
                                                                    : std::nullopt;
}

std::size_t limited(std::size_t count, std::string_view of, std::vector<std::string>& notes) {
    if (count >= most_kept) {
        notes.push_back(
            fmt::format("\"{}\" keeps more than {}, which is the most that a word of "
                        "keep can say",
                        escape_text(of), most_kept));
    }
    return std::min(count, most_kept);
}

/// Who wrote it wanted something kept that is not known here: nothing goes for that.
void note_unknown(std::string_view word, KeepWords& words, std::vector<std::string>& notes) {
    words.newest = most_kept;
    notes.push_back(fmt::format("\"{}\" is not understood, and so the newest {} are kept",
                                escape_text(word), most_kept));
}

void take_preserve(std::string_view preserve, KeepWords& words, std::vector<std::string>& notes) {
    if (preserve == "no") {
        return;
    }
    for (const auto word : split(preserve, ' ')) {
        if (word.empty()) {
            continue;
        }
        const auto span = span_of(word);
        if (!span) {
            note_unknown(word, words, notes);
            continue;
        }
        auto& place = words.periods.at(index_of(span->period));
        place = std::max(place, limited(span->count, word, notes));
    }
}

std::size_t hours_in(const Span& span) {
    constexpr ByPeriod<std::size_t> hours{1, 24, 24 * 7, 24 * 31, 24 * 366};
    return span.count * hours.at(index_of(span.period));
}

/// All that are younger than a time: by the age where that can be said, else by hours.
void take_least(std::string_view least, const Span& span, bool has_min_age, KeepWords& words,
                KeptWords& kept) {
    const bool is_of_days = span.period == Period::hour || span.period == Period::day;
    if (has_min_age) {
        kept.min_age = is_of_days ? std::string(least) : fmt::format("{}h", hours_in(span));
        return;
    }
    auto& hours = words.periods.at(index_of(Period::hour));
    hours = std::max(hours, limited(std::min(hours_in(span), most_kept), least, kept.notes));
    kept.notes.push_back(
        fmt::format("of all snapshots of the last {}, the first of each hour is "
                    "kept, for {} hours that have one",
                    escape_text(least), hours));
}

}  // namespace

KeptWords kept_words(std::string_view preserve, std::string_view least, bool has_min_age) {
    KeepWords words;
    KeptWords kept;
    take_preserve(preserve, words, kept.notes);
    const auto span = span_of(least);
    if (least.empty() || least == "all") {
        words.newest = most_kept;
        kept.notes.push_back(fmt::format("all are kept for ever; here the newest {}", most_kept));
    } else if (span && span->count > 0 && span->count < most_kept) {
        take_least(least, *span, has_min_age, words, kept);
    } else if (least != "latest" && least != "no") {
        note_unknown(least, words, kept.notes);
    }
    kept.keep = keep_text({words.newest, {}, words.periods});
    if (kept.keep.empty()) {
        kept.keep = "1";
    }
    return kept;
}

}  // namespace snapferry::importing
