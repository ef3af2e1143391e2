#include "completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace snapferry::programs {
namespace {

/// A word that may come, and what it means.
struct Candidate {
    std::string word;
    std::string meaning{};
};

struct Choices {
    std::string_view what;  ///< as the help calls the value
    std::string_view words;
};

constexpr std::array choices{
    Choices{"PROTOCOL", "auto raw"},
    Choices{"FORM", "auto v1 v2 v2-compressed"},
    Choices{"CIPHER", "auto aes-gcm chacha20"},
    Choices{"FORMAT", "auto text json journal"},
    Choices{"WHICH", "never changed always"},
};

bool is_hidden(const std::string& group) {
    return group.empty();
}

/// What the help calls the value of an option, or a positional.
std::string what_of(const CLI::Option& option) {
    const auto type = option.get_type_name();
    return option.get_positional() || type.empty() ? option.get_single_name() : type;
}

/// Where the words before have led to.
struct Place {
    const CLI::App* command;
    const CLI::Option* awaits_value = nullptr;  ///< the last word was an option's name
    std::vector<std::string> positionals{};
};

/// An option of the command, or of what is above it.
const CLI::Option* find_option(const CLI::App* command, const std::string& name) {
    for (; command != nullptr; command = command->get_parent()) {
        if (const auto* const option = command->get_option_no_throw(name)) {
            return option;
        }
    }
    return nullptr;
}

const CLI::App* find_command(const Place& place, const std::string& word) {
    if (!place.positionals.empty()) {
        return nullptr;
    }
    for (const auto* const command : place.command->get_subcommands({})) {
        if (command->get_name() == word) {
            return command;
        }
    }
    return nullptr;
}

void go_on(Place& place, const std::string& word) {
    if (place.awaits_value != nullptr) {
        place.awaits_value = nullptr;
    } else if (word.starts_with('-')) {
        const auto* const option = find_option(place.command, word);
        place.awaits_value =
            option != nullptr && option->get_items_expected_max() > 0 ? option : nullptr;
    } else if (const auto* const command = find_command(place, word)) {
        place.command = command;
    } else {
        place.positionals.push_back(word);
    }
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::vector<Candidate> option_names(const CLI::App* command) {
    std::vector<Candidate> names;
    for (; command != nullptr; command = command->get_parent()) {
        for (const auto* const option : command->get_options()) {
            const bool is_named = !option->get_lnames().empty();
            if (is_named && !is_hidden(option->get_group())) {
                names.push_back(
                    {"--" + option->get_lnames().front(), first_line(option->get_description())});
            }
        }
    }
    return names;
}

std::vector<Candidate> command_names(const CLI::App& app) {
    std::vector<Candidate> names;
    for (const auto* const command : app.get_subcommands({})) {
        if (!is_hidden(command->get_group())) {
            names.push_back({command->get_name(), first_line(command->get_description())});
        }
    }
    return names;
}

/// The positional that comes next; null where none does.
const CLI::Option* next_positional(const Place& place) {
    std::size_t left = place.positionals.size();
    for (const auto* const option : place.command->get_options()) {
        if (!option->get_positional()) {
            continue;
        }
        const auto most = static_cast<std::size_t>(option->get_items_expected_max());
        if (left < most) {
            return option;
        }
        left -= most;
    }
    return nullptr;
}

std::string words_answer(const std::vector<Candidate>& candidates, std::string_view begin,
                         std::string_view before = {}) {
    std::string text = "words\n";
    for (const auto& [word, meaning] : candidates) {
        const bool is_a_line = word.find_first_of("\n\t") == std::string::npos;
        if (word.starts_with(begin) && is_a_line) {
            text += fmt::format("{}{}{}{}\n", before, word, meaning.empty() ? "" : "\t", meaning);
        }
    }
    return text;
}

std::vector<Candidate> words_in(std::string_view text) {
    auto split = CLI::detail::split(std::string(text), ' ');
    std::vector<Candidate> words;
    words.reserve(split.size());
    for (auto& word : split) {
        words.push_back({std::move(word)});
    }
    return words;
}

std::string value_answer(const CLI::Option& option, const Place& place, std::string_view begin,
                         std::string_view before, const Values& values) {
    const auto what = what_of(option);
    if (what == "FILE" || what == "MANIFEST" || what == "classic") {
        return "files\n";
    }
    if (what == "DIRECTORY" || what == "DIR") {
        return "directories\n";
    }
    const auto* const choice = std::find_if(choices.begin(), choices.end(),
                                            [&](const Choices& one) { return one.what == what; });
    if (choice != choices.end()) {
        return words_answer(words_in(choice->words), begin, before);
    }
    auto known = values(what, place.positionals);
    std::vector<Candidate> candidates;
    candidates.reserve(known.size());
    for (auto& value : known) {
        candidates.push_back({std::move(value)});
    }
    return words_answer(candidates, begin, before);
}

std::string answer(const Place& place, const std::string& last, const Values& values) {
    if (place.awaits_value != nullptr) {
        return value_answer(*place.awaits_value, place, last, "", values);
    }
    const auto equals = last.find('=');
    if (last.starts_with("--") && equals != std::string::npos) {
        const auto* const option = find_option(place.command, last.substr(0, equals));
        const std::string_view text(last);
        return option == nullptr ? "words\n"
                                 : value_answer(*option, place, text.substr(equals + 1),
                                                text.substr(0, equals + 1), values);
    }
    if (last.starts_with('-')) {
        return words_answer(option_names(place.command), last);
    }
    if (place.positionals.empty() && !place.command->get_subcommands({}).empty()) {
        return words_answer(command_names(*place.command), last);
    }
    const auto* const positional = next_positional(place);
    return positional == nullptr ? "words\n" : value_answer(*positional, place, last, "", values);
}

}  // namespace

std::string completion(const CLI::App& app, std::span<const std::string> words,
                       const Values& values) {
    if (words.empty()) {
        return "words\n";
    }
    Place place{&app};
    for (const auto& word : words.first(words.size() - 1)) {
        go_on(place, word);
    }
    return answer(place, words.back(), values);
}

std::optional<std::vector<std::string>> completion_asked(int argc, char** argv) {
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() < 2 || arguments[1] != completion_question) {
        return std::nullopt;
    }
    return std::vector<std::string>(arguments.begin() + 2, arguments.end());
}

}  // namespace snapferry::programs
