#include "snapferry/core/importing/btrbk_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/unicode/utf8.h"

namespace snapferry::importing {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// The first word, which then is none of the text any more.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const auto word = text.substr(0, end);
    text = trimmed(text.substr(end));
    return word;
}

std::string_view without_quotes(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                           text.back() == text.front();
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_word_of_an_option(std::string_view word) {
    return !word.empty() &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

/// What a line may hold to be shown and written elsewhere.
bool is_plain_text(std::string_view line) {
    while (!line.empty()) {
        const auto character = first_utf8_character(line);
        if (!character || (is_control(character->code_point) && line.front() != '\t')) {
            return false;
        }
        line.remove_prefix(character->size);
    }
    return true;
}

/// Takes a file's lines in their order: an option belongs to the last section begun.
class Reader {
  public:
    void take(std::string_view line, std::size_t number) {
        line = trimmed(line.substr(0, line.find('#')));
        if (line.empty()) {
            return;
        }
        constexpr std::size_t longest = 4096;  // bytes; paths have no more
        if (line.size() > longest || !is_plain_text(line)) {
            complain(number, "it is too long, or no text");
            return;
        }
        const auto word = take_word(line);
        if (word == "volume") {
            begin_volume(std::string(without_quotes(line)), number);
        } else if (word == "subvolume") {
            begin_subvolume(line, number);
        } else if (word == "target") {
            begin_target(line, number);
        } else if (is_word_of_an_option(word)) {
            (*options())[std::string(word)] = {std::string(without_quotes(line)), number};
        } else {
            complain(number, fmt::format("\"{}\" is no option", escape_text(word)));
        }
    }

    BtrbkFile file;

  private:
    enum class Section { global, volume, subvolume };

    void complain(std::size_t number, const std::string& why) {
        file.not_understood.push_back({number, "this line is not understood: " + why});
    }

    void begin_volume(std::string place, std::size_t number) {
        file.volumes.push_back({std::move(place), number});
        section_ = Section::volume;
        is_in_target_ = false;
    }

    void begin_subvolume(std::string_view name, std::size_t number) {
        if (file.volumes.empty()) {
            file.volumes.push_back({"", number});
        }
        file.volumes.back().subvolumes.push_back({std::string(without_quotes(name)), number});
        section_ = Section::subvolume;
        is_in_target_ = false;
    }

    void begin_target(std::string_view rest, std::size_t number) {
        std::string type = "send-receive";
        auto place = rest;
        if (!rest.starts_with('/') && rest.find_first_of(blanks) != std::string_view::npos) {
            type = take_word(place);
        }
        targets()->push_back({std::move(type), std::string(without_quotes(place)), number});
        is_in_target_ = true;
    }

    std::vector<BtrbkTarget>* targets() {
        if (section_ == Section::global) {
            return &file.targets;
        }
        auto& volume = file.volumes.back();
        return section_ == Section::volume ? &volume.targets : &volume.subvolumes.back().targets;
    }

    BtrbkOptions* options() {
        if (is_in_target_) {
            return &targets()->back().options;
        }
        if (section_ == Section::global) {
            return &file.options;
        }
        auto& volume = file.volumes.back();
        return section_ == Section::volume ? &volume.options : &volume.subvolumes.back().options;
    }

    Section section_ = Section::global;
    bool is_in_target_ = false;
};

}  // namespace

BtrbkFile parse_btrbk(std::string_view text) {
    Reader reader;
    std::size_t number = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        reader.take(line, ++number);
    }
    return std::move(reader.file);
}

}  // namespace snapferry::importing
