#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace snapferry::testing {

/// A page of docs/, whose examples the tests hold the programs to.
class Page {
  public:
    explicit Page(const std::string& name) {
        std::ifstream file(std::filesystem::path(SNAPFERRY_DOCS) / name);
        text_.assign(std::istreambuf_iterator<char>{file}, {});
        if (text_.empty())
            throw std::runtime_error("no page " + name);
    }

    /// Wherever the page breaks its lines.
    [[nodiscard]] bool says(const std::string& what) const {
        auto flowing = text_;
        std::replace(flowing.begin(), flowing.end(), '\n', ' ');
        return text_.find(what) != std::string::npos || flowing.find(what) != std::string::npos;
    }

    /// The code blocks of a language, in order, from below the heading on (the whole line, with
    /// its #s; empty: from the start) up to the next heading.
    [[nodiscard]] std::vector<std::string> blocks(const std::string& heading,
                                                  const std::string& language) const {
        std::istringstream lines(text_);
        std::vector<std::string> found;
        bool within_section = heading.empty();
        bool within_block = false;
        for (std::string line; std::getline(lines, line);) {
            if (within_block && line == "```")
                within_block = false;
            else if (within_block)
                found.back() += line + "\n";
            else if (line.starts_with("#") && !heading.empty())
                within_section = line == heading;
            else if (within_section && line == "```" + language) {
                within_block = true;
                found.emplace_back();
            }
        }
        return found;
    }

  private:
    std::string text_;
};

/// The bytes of a block of "01 02 0a | comment" lines.
inline std::vector<std::byte> bytes_in(const std::string& block) {
    std::istringstream lines(block);
    std::vector<std::byte> bytes;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line.substr(0, line.find('|')));
        for (std::string word; words >> word;)
            bytes.push_back(static_cast<std::byte>(std::stoi(word, nullptr, 16)));
    }
    return bytes;
}

}  // namespace snapferry::testing
