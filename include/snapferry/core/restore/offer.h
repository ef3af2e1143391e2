#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/plan/identity.h"

namespace snapferry::restore {

/// Which backup a machine that holds backups will give back whole, and what else it has of its tag:
/// one line of JSON.
struct Offer {
    Tag tag;
    RemoteSnapshot backup;  ///< with its copy

    /// Those of the tag that a sender is told of, newest arrival first.
    std::vector<RemoteSnapshot> all;

    /// Of a tag that is derived from another: that one. Nothing of what is derived is sent.
    std::optional<Tag> derived_from{};

    bool has_manifest = false;

    friend bool operator==(const Offer&, const Offer&) = default;
};

inline constexpr std::size_t longest_offer = std::size_t{2} * 1024 * 1024;  // bytes

std::string line_of(const Offer& offer);

/// Throws Failure (protocol) where the line is no offer.
Offer parse_offer(std::string_view line);

}  // namespace snapferry::restore
