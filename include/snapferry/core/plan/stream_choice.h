#pragma once

#include <optional>
#include <span>
#include <string>

#include "snapferry/core/stream/form.h"

namespace snapferry {

struct StreamChoice {
    stream::Form form;
    std::string reason;
};

/// The form in which a snapshot is sent: the one that is demanded, else the newest that both sides
/// can. `here` is the newest that this side's kernel makes, `there` what the receiver takes.
/// Throws Failure (configuration) where the one demanded cannot be had.
StreamChoice choose_stream(std::optional<stream::Form> demanded, stream::Form here,
                           std::span<const stream::Form> there);

}  // namespace snapferry
