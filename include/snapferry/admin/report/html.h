#pragma once

#include <string>
#include <string_view>

namespace snapferry::admin {

/// Text from outside, made fit to stand in a page, in an attribute too: control characters and what
/// is not UTF-8 as escape_text has them, and nothing that HTML reads as its own.
std::string html_text(std::string_view text);

}  // namespace snapferry::admin
