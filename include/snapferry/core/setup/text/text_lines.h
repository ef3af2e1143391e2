#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The lines of a file of the system, to be changed one by one.
namespace snapferry::setup {

/// Each with its line feed, the last perhaps without: joined they are the text.
std::vector<std::string_view> lines_of(std::string_view text);

/// Without the line feed, and without a carriage return before it.
std::string_view content_of(std::string_view line);

/// The text with the line at its end; a last line without a line feed is given one.
std::string with_line(std::string_view text, std::string_view line);

std::string without_lines(std::string_view text,
                          const std::function<bool(std::string_view line)>& goes);

/// "- line" for each that is gone, then "+ line" for each that has come; escaped.
std::vector<std::string> changes_between(std::string_view before, std::string_view after);

}  // namespace snapferry::setup
