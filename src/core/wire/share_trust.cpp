#include "snapferry/core/wire/share_trust.h"

#include <algorithm>

namespace snapferry::wire {

ShareTrust trust_in_shares(const Welcome& welcome) {
    const auto has_mac = [](const StreamShare& share) { return share.keyed.has_value(); };
    const auto& shares = welcome.unfinished.value().shares;
    if (std::ranges::all_of(shares, has_mac)) {
        return ShareTrust::macs;
    }
    const bool none_has = std::ranges::none_of(shares, has_mac);
    return none_has && !welcome.makes_macs ? ShareTrust::digests : ShareTrust::nothing;
}

}  // namespace snapferry::wire
