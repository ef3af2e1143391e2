#pragma once

#include <cstdint>
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

/// How the stream is made: bytes of data in each WRITE where it is filled here, nothing where the
/// kernel makes it. An increment names its files by paths that are good at one moment only; and a
/// receiver that does not keep how a stream was made cannot have it gone on with.
std::optional<std::uint32_t> choose_writes(stream::Form form, bool is_increment,
                                           bool receiver_keeps_outlines);

/// Whether a stream of this form that was begun with these writes can be made here.
bool can_be_filled(stream::Form form, std::uint32_t writes);

}  // namespace snapferry
