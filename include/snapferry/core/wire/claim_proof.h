#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/wire/claim.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::wire {

/// What shows the sender that the receiver holds its claim to just this unfinished stream, without
/// showing the claim: HMAC-SHA256 under it of all that is said of the stream, as 64 hexadecimal
/// digits. Nothing where it is not said what the stream's outline is: of an increment, or where the
/// kernel made it.
std::optional<std::string> claim_proof(const Claim& claim, const Unfinished& unfinished,
                                       std::uint64_t transid);

/// True where that is what `unfinished` has as its proof.
bool is_proven(const Claim& claim, const Unfinished& unfinished, std::uint64_t transid);

/// True where the text could be a proof.
bool is_claim_proof(std::string_view text);

}  // namespace snapferry::wire
