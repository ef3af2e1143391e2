#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "snapferry/core/wire/claim.h"
#include "snapferry/core/wire/message.h"

/// How a sender passes over what the receiver has of an unfinished stream, which is gone on with.
namespace snapferry {

/// No file is read again: the receiver proves that it has what this side began and nobody else has
/// touched. The stream's outline alone is compared.
struct Unread {
    wire::Secret secret;  ///< to be shown to the receiver
};

/// All of it is read again and compared.
struct ReadAgain {
    std::string why;
};
using PassOver = std::variant<Unread, ReadAgain>;

/// `transid`: of the snapshot here. `secret`: what is remembered of this stream, for this disk.
PassOver how_to_pass_over(const wire::Unfinished& unfinished, std::uint64_t transid,
                          const std::optional<wire::Secret>& secret);

}  // namespace snapferry
