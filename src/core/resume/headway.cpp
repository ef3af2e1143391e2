#include "snapferry/core/resume/headway.h"

namespace snapferry {

bool Headway::gets_further(const std::string& snapshot, std::uint64_t began_at) {
    if (snapshot.empty()) {
        return false;
    }
    const bool is_first = furthest_.empty();
    const auto [at, is_new] = furthest_.try_emplace(snapshot, began_at);
    if (is_new) {
        return !is_first;  // what came before it is done, or given up
    }
    if (began_at <= at->second) {
        return false;
    }
    at->second = began_at;
    return true;
}

}  // namespace snapferry
