#include "snapferry/core/disk/write_loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace snapferry {
namespace {

struct Counter {
    std::string_view name;
    std::uint64_t DeviceErrors::*count;
};

/// "generation": a block of metadata was read that should have been overwritten long ago.
constexpr std::array counters{Counter{"write", &DeviceErrors::write},
                              Counter{"flush", &DeviceErrors::flush},
                              Counter{"generation", &DeviceErrors::generation}};

/// Somebody may set the counters to zero meanwhile: then what is there is new.
std::uint64_t growth(std::uint64_t before, std::uint64_t after) {
    return after < before ? after : after - before;
}

std::string loss_of(const DeviceErrors& before, const DeviceErrors& after) {
    if (after.missing && !before.missing) {
        return fmt::format("{} went missing", before.device);
    }
    for (const auto& counter : counters) {
        if (const auto more = growth(before.*counter.count, after.*counter.count)) {
            return fmt::format("{} has counted {} more {} errors", after.device, more,
                               counter.name);
        }
    }
    return {};
}

}  // namespace

std::string write_loss(std::span<const DeviceErrors> before, std::span<const DeviceErrors> after) {
    for (const auto& now : after) {
        const auto then = std::find_if(before.begin(), before.end(),
                                       [&](const auto& device) { return device.id == now.id; });
        auto loss = loss_of(then == before.end() ? DeviceErrors{} : *then, now);
        if (!loss.empty()) {
            return loss;
        }
    }
    return {};
}

}  // namespace snapferry
