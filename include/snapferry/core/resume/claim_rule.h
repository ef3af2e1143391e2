#pragma once

#include <cstdint>
#include <optional>

#include "snapferry/core/wire/message.h"

/// What becomes of the claim to an unfinished stream when somebody goes on with it: it must vouch
/// for what comes now, too, or be gone from the next checkpoint on.
namespace snapferry {

/// The claim that the following checkpoints have: the one `held` where the sender shows its secret,
/// else what the sender claims now. It has compared all that is there, then, on its own
/// responsibility; and who claims nothing leaves none. Throws Failure (protocol) for a secret that
/// is not the held claim's.
std::optional<wire::Claim> claim_that_goes_on(const std::optional<wire::Claim>& held,
                                              const wire::Announce& announced);

/// How the rest of the stream is made: nothing where the sender does not say. Throws Failure
/// (protocol) where it says that it is made in another way than its beginning.
std::optional<std::uint32_t> writes_that_go_on(std::optional<std::uint32_t> held,
                                               const wire::Announce& announced);

}  // namespace snapferry
