#include "snapferry/core/text/rough_duration.h"

#include <fmt/format.h>

#include <algorithm>

namespace snapferry {

std::string rough_duration(std::chrono::seconds duration) {
    using namespace std::chrono;
    const auto time = std::max(duration, seconds{0});
    if (time >= hours{48}) {
        return fmt::format("{} days", floor<days>(time).count());
    }
    if (time >= hours{1}) {
        return fmt::format("{} h", floor<hours>(time).count());
    }
    if (time >= minutes{1}) {
        return fmt::format("{} min", floor<minutes>(time).count());
    }
    return fmt::format("{} s", time.count());
}

}  // namespace snapferry
