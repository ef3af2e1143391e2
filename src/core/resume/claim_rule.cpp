#include "snapferry/core/resume/claim_rule.h"

#include "snapferry/core/failure.h"

namespace snapferry {

std::optional<wire::Claim> claim_that_goes_on(const std::optional<wire::Claim>& held,
                                              const wire::Announce& announced) {
    if (!announced.secret) {
        return announced.claim;
    }
    if (!held || !wire::is_same(wire::claim_of(*announced.secret), *held)) {
        throw Failure(ExitCode::protocol,
                      "the sender shows a secret, and it is not that of who began what is here");
    }
    return held;
}

std::optional<std::uint32_t> writes_that_go_on(std::optional<std::uint32_t> held,
                                               const wire::Announce& announced) {
    if (announced.writes && announced.writes != held) {
        throw Failure(ExitCode::protocol,
                      "the sender wants to go on with a stream that was begun in another way");
    }
    return announced.writes;
}

}  // namespace snapferry
