#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace snapferry {

/// Which of the snapshots that the receiver lacks a run sends.
struct SendScope {
    bool all = false;                   ///< every one after the receiver's newest; else the newest
    std::optional<std::size_t> most{};  ///< of them, the newest

    friend bool operator==(const SendScope&, const SendScope&) = default;
};

/// "newest", "all" or "all up to 30". Throws Failure (configuration), with what it may be as the
/// hint.
SendScope parse_send_scope(std::string_view text);

}  // namespace snapferry
