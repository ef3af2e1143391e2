#include "snapferry/core/retention/keep_words.h"

#include <fmt/format.h>

#include <charconv>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"

namespace snapferry {
namespace {

constexpr std::string_view letters = "hdwmy";  // in the order of Period
constexpr std::string_view what_is_right =
    "write a number such as 7, or words such as \"7 14d 8w 12m 3y\": the newest 7, and the first "
    "backup of each of the last 14 days, 8 weeks, 12 months and 3 years (h: hours)";

std::string complaint(std::string_view word, std::string_view why) {
    return fmt::format("\"{}\" {}; {}", escape_text(word), why, what_is_right);
}

struct Word {
    std::size_t count = 0;
    std::string_view letter{};
};

Word split_word(std::string_view word) {
    Word result;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), result.count);
    const auto digits = static_cast<std::size_t>(end - word.data());
    if (error != std::errc{}) {
        return {0, word};
    }
    result.letter = word.substr(digits);
    return result;
}

/// Where the word's number belongs; nullptr for a letter that means nothing.
std::size_t* place_of(std::string_view letter, KeepWords& words) {
    if (letter.empty()) {
        return &words.newest;
    }
    const auto index = letters.find(letter);
    return letter.size() == 1 && index != std::string_view::npos ? &words.periods.at(index)
                                                                 : nullptr;
}

/// Takes one word; what is wrong with it, or nothing.
std::string take(std::string_view word, KeepWords& words) {
    const auto [count, letter] = split_word(word);
    auto* const place = place_of(letter, words);
    if (place == nullptr) {
        return complaint(word, "is none of the words that are known");
    }
    if (count < 1 || count > most_kept) {
        return complaint(word, fmt::format("is not from 1 to {}", most_kept));
    }
    if (*place != 0) {
        return complaint(word, "says a second time how many are kept of the same");
    }
    *place = count;
    return {};
}

}  // namespace

std::variant<KeepWords, std::string> parse_keep(std::string_view text) {
    KeepWords words;
    bool empty = true;
    for (const auto word : split(text, ' ')) {
        if (word.empty()) {
            continue;
        }
        empty = false;
        if (auto wrong = take(word, words); !wrong.empty()) {
            return wrong;
        }
    }
    if (empty) {
        return complaint(text, "says nothing");
    }
    return words;
}

std::string keep_text(const RetentionPolicy& policy) {
    std::string text;
    if (policy.keep > 0) {
        text = std::to_string(policy.keep);
    }
    for (std::size_t index = 0; index < letters.size(); ++index) {
        if (const auto count = policy.periods.at(index); count > 0) {
            text += fmt::format("{}{}{}", text.empty() ? "" : " ", count, letters[index]);
        }
    }
    return text;
}

}  // namespace snapferry
