#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snapferry::importing {

/// What a person is told of an option of btrbk that stands in the file; empty where it is carried
/// over, or means nothing here.
std::string note_of_option(std::string_view name, std::string_view value);

/// "20MiB/s" for a rate such as "20m"; nothing where none is set, or that is no rate.
std::optional<std::string> bandwidth_limit(std::string_view rate);

}  // namespace snapferry::importing
