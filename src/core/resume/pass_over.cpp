#include "snapferry/core/resume/pass_over.h"

#include "snapferry/core/wire/claim_proof.h"

namespace snapferry {
namespace {

/// Empty where nothing of it need be read again.
std::string why_read_again(const wire::Unfinished& unfinished, std::uint64_t transid,
                           const std::optional<wire::Secret>& secret) {
    if (unfinished.parent_uuid) {
        return "it is an increment";
    }
    if (!unfinished.writes) {
        return "it was begun in the way of an older version, or of this kernel alone";
    }
    if (!secret) {
        return "nothing here remembers beginning it for this disk";
    }
    if (!unfinished.claim_proof) {
        return "somebody has gone on with it who did not show that he had begun it";
    }
    return wire::is_proven(wire::claim_of(*secret), unfinished, transid)
               ? ""
               : "the receiver does not prove that it is what was begun here";
}

}  // namespace

PassOver how_to_pass_over(const wire::Unfinished& unfinished, std::uint64_t transid,
                          const std::optional<wire::Secret>& secret) {
    if (auto why = why_read_again(unfinished, transid, secret); !why.empty()) {
        return ReadAgain{std::move(why)};
    }
    return Unread{*secret};
}

}  // namespace snapferry
