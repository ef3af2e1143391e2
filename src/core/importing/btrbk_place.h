#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snapferry::importing {

/// A directory at another machine, as btrbk writes it: ssh://HOST[:PORT]/DIRECTORY or
/// HOST:DIRECTORY.
struct RemotePlace {
    std::string host;
    std::string port{};  ///< digits; empty where none is named
    std::string directory;
};

/// Nothing where the place is one of this machine, or none.
std::optional<RemotePlace> remote_place(std::string_view place);

/// The path of what lies at `name` in `volume`, which may be empty; without anything superfluous.
std::string path_in(std::string_view volume, std::string_view name);

/// A tag as near to the text as one can be.
std::string tag_like(std::string_view text);

}  // namespace snapferry::importing
