#include "snapferry/send/stream/shared_limits.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <utility>

namespace snapferry::send {
namespace {

/// Names of hosts are the same in capitals, and with the dot at their end.
std::string host_of(const Receiver& receiver) {
    auto host = receiver.destination.host;
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    if (host.ends_with('.')) {
        host.pop_back();
    }
    return host;
}

std::map<std::string, std::uint64_t> lowest_rates(const std::vector<Job>& jobs) {
    std::map<std::string, std::uint64_t> rates;
    for (const auto& job : jobs) {
        if (const auto& rate = job.receiver.bandwidth_limit) {
            const auto [at, is_new] = rates.try_emplace(host_of(job.receiver), *rate);
            at->second = std::min(at->second, *rate);
        }
    }
    return rates;
}

}  // namespace

void SharedLimits::set(const std::vector<Job>& jobs) {
    std::map<std::string, std::shared_ptr<BandwidthLimit>> limits;
    for (const auto& [host, rate] : lowest_rates(jobs)) {
        const auto before = limits_.find(host);
        auto limit =
            before == limits_.end() ? std::make_shared<BandwidthLimit>(rate) : before->second;
        limit->set_rate(rate);
        limits.emplace(host, std::move(limit));
    }
    limits_ = std::move(limits);
}

std::shared_ptr<BandwidthLimit> SharedLimits::of(const Receiver& receiver) const {
    const auto found = limits_.find(host_of(receiver));
    return found == limits_.end() ? nullptr : found->second;
}

}  // namespace snapferry::send
