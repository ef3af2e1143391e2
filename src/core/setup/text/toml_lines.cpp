#include "toml_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"

namespace snapferry::setup {
namespace {

using Kind = TomlLine::Kind;

bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\r';
}

bool is_bare(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_' || character == '-';
}

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<TomlLine> lines() {
        std::vector<TomlLine> found;
        while (at_ < text_.size()) {
            found.push_back(line());
        }
        return found;
    }

  private:
    TomlLine line() {
        TomlLine line;
        line.begin = at_;
        if (at_ == 0 && text_.substr(0, 3) == "\xef\xbb\xbf") {  // a byte order mark
            at_ = 3;
        }
        skip_blanks();
        if (here() == '[') {
            take_header(line);
        } else if (here() != '\n' && here() != '#' && at_ < text_.size()) {
            take_entry(line);
        }
        skip_blanks();
        line.is_comment = line.kind == Kind::empty && here() == '#';
        if (here() == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        }
        if (at_ < text_.size() && here() != '\n') {
            complain();
        }
        at_ = std::min(at_ + 1, text_.size());
        line.end = at_;
        return line;
    }

    void take_header(TomlLine& line) {
        take('[');
        const bool is_element = here() == '[';
        if (is_element) {
            take('[');
        }
        line.kind = is_element ? Kind::element : Kind::header;
        line.path = path();
        take(']');
        if (is_element) {
            take(']');
        }
        table_ = line.path;
    }

    void take_entry(TomlLine& line) {
        line.kind = Kind::entry;
        line.path = table_;
        auto key = path();
        line.path.insert(line.path.end(), key.begin(), key.end());
        take('=');
        skip_blanks();
        line.value_begin = at_;
        line.value_end = pass_value();
    }

    std::vector<std::string> path() {
        std::vector<std::string> names;
        do {
            skip_blanks();
            names.push_back(name());
            skip_blanks();
        } while (passed('.'));
        return names;
    }

    /// Escapes in a quoted name are kept as they are: names that are looked for have none.
    std::string name() {
        const auto begin = at_;
        if (here() == '"' || here() == '\'') {
            pass_text();
            return std::string(text_.substr(begin + 1, at_ - begin - 2));
        }
        while (is_bare(here())) {
            ++at_;
        }
        if (at_ == begin) {
            complain();
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    /// Returns where its last character ends.
    std::size_t pass_value() {
        std::size_t depth = 0;
        const auto begin = at_;
        auto end = begin;
        while (at_ < text_.size() && (depth > 0 || (here() != '\n' && here() != '#'))) {
            const char character = here();
            if (character == '"' || character == '\'') {
                pass_text();
                end = at_;
                continue;
            }
            if (character == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
                continue;
            }
            if (character == '[' || character == '{') {
                ++depth;
            } else if ((character == ']' || character == '}') && depth-- == 0) {
                complain();
            }
            ++at_;
            end = is_blank(character) || character == '\n' ? end : at_;
        }
        if (depth > 0 || end == begin) {
            complain();
        }
        return end;
    }

    void pass_text() {
        const char quote = here();
        const std::string three(3, quote);
        const bool is_long = text_.substr(at_, 3) == three;
        const auto begin = at_;
        at_ += is_long ? 3 : 1;
        while (at_ < text_.size()) {
            if (quote == '"' && here() == '\\') {
                at_ += 2;
            } else if (is_long ? text_.substr(at_, 3) == three : here() == quote) {
                at_ += is_long ? 3 : 1;
                pass_quotes_before_the_end(is_long, quote);
                return;
            } else if (!is_long && here() == '\n') {
                break;
            } else {
                ++at_;
            }
        }
        at_ = begin;
        complain();
    }

    /// """...""""" ends with up to two quotes of its own.
    void pass_quotes_before_the_end(bool is_long, char quote) {
        for (int own = 0; is_long && own < 2 && here() == quote; ++own) {
            ++at_;
        }
    }

    [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_blanks() {
        while (is_blank(here())) {
            ++at_;
        }
    }

    bool passed(char character) {
        if (here() != character || at_ >= text_.size()) {
            return false;
        }
        ++at_;
        return true;
    }

    void take(char character) {
        if (!passed(character)) {
            complain();
        }
    }

    [[noreturn]] void complain() const {
        const auto before = text_.substr(0, std::min(at_, text_.size()));
        throw Failure(ExitCode::configuration,
                      fmt::format("line {} is not TOML, and so nothing is changed",
                                  std::count(before.begin(), before.end(), '\n') + 1));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string> table_;
};

}  // namespace

std::vector<TomlLine> toml_lines(std::string_view text) {
    return Scanner(text).lines();
}

}  // namespace snapferry::setup
