#include "snapferry/core/asking/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::asking {
namespace {

using nlohmann::json;

constexpr std::array commands_that_look{"list", "versions", "find", "diff"};
constexpr std::array<std::string_view, 4> options_of_this_machine{"--config", "--state-dir",
                                                                  "--disk", "--from"};

[[noreturn]] void refuse(std::string_view why) {
    throw Failure(ExitCode::protocol, fmt::format("what is asked cannot be understood: {}", why),
                  "install the same version of snapferry at both ends");
}

std::string word_in(const json& value) {
    if (!value.is_string()) {
        refuse("a word is no text");
    }
    const auto& digits = value.get_ref<const std::string&>();
    std::string word(digits.size() / 2, '\0');
    if (!parse_hexadecimal(digits, std::as_writable_bytes(std::span(word)))) {
        refuse("a word is not in hexadecimal");
    }
    if (word.find('\0') != std::string::npos) {
        refuse("a word holds a NUL");
    }
    return word;
}

bool is_option(std::string_view word, std::string_view option) {
    return word.starts_with(option) && (word.size() == option.size() || word[option.size()] == '=');
}

}  // namespace

std::string line_of(const Request& request) {
    auto words = json::array();
    for (const auto& word : request.words) {
        words.push_back(hexadecimal(std::as_bytes(std::span(word))));
    }
    return json{{"what", request.what}, {"words", std::move(words)}}.dump();
}

Request parse_request(std::string_view line) {
    const auto parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("what") || !parsed["what"].is_string() ||
        !parsed.contains("words") || !parsed["words"].is_array()) {
        refuse("it is no request");
    }
    Request request{parsed["what"].get<std::string>(), {}};
    request.words.reserve(parsed["words"].size());
    for (const auto& word : parsed["words"]) {
        request.words.push_back(word_in(word));
    }
    return request;
}

std::optional<std::string> why_not_to_run(const std::vector<std::string>& words) {
    if (words.empty()) {
        return "no command is named";
    }
    if (std::ranges::find(commands_that_look, words.front()) == commands_that_look.end()) {
        return fmt::format("\"{}\" is no command that is run for another machine",
                           escape_text(words.front()));
    }
    const auto end_of_options = std::ranges::find(words, "--");
    for (auto word = words.begin(); word != end_of_options; ++word) {
        for (const auto option : options_of_this_machine) {
            if (is_option(*word, option)) {
                return fmt::format("{} is not taken from another machine", option);
            }
        }
    }
    return std::nullopt;
}

}  // namespace snapferry::asking
