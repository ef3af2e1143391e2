#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "snapferry/core/stream/form.h"

namespace snapferry {

/// A version of btrfs-progs, "6.2" or "6.0.2".
struct ProgsVersion {
    unsigned release = 0;
    unsigned update = 0;
    unsigned patch = 0;

    friend auto operator<=>(const ProgsVersion&, const ProgsVersion&) = default;
};

/// What `btrfs --version` says in its first line: "btrfs-progs v6.2". Nothing where it is not that.
std::optional<ProgsVersion> parse_progs_version(std::string_view said);

/// The newest form that `btrfs receive` of that version takes safely. Compressed data was lost
/// silently before 6.0.2 where the kernel could not store it as it is, and zstd was mended in 6.2
/// (changelog of btrfs-progs).
stream::Form newest_form_of(const ProgsVersion& version);

}  // namespace snapferry
