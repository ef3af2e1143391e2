#include "snapferry/core/names/job_labels.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

namespace snapferry {
namespace {

/// What stands behind the name, the shortest first; the last one is the whole.
constexpr std::array<std::string (*)(const JobIdentity&), 4> details{
    [](const JobIdentity& job) { return job.host; },
    [](const JobIdentity& job) { return job.address(); },
    [](const JobIdentity& job) { return fmt::format("{} {}", job.address(), job.dest_tag); },
    [](const JobIdentity& job) {
        return fmt::format("@{} of {} to {} {}", job.source_tag, job.snapshot_dir, job.address(),
                           job.dest_tag);
    },
};

using Indexes = std::vector<std::size_t>;

bool tells_apart(std::string (*detail)(const JobIdentity&), std::span<const NamedJob> jobs,
                 const Indexes& same_name) {
    std::set<std::string> different;
    for (const auto index : same_name) {
        different.insert(detail(jobs[index].identity));
    }
    return different.size() == same_name.size();
}

}  // namespace

std::vector<std::string> labels_of(std::span<const NamedJob> jobs) {
    std::map<std::string, Indexes> by_name;
    for (std::size_t index = 0; index < jobs.size(); ++index) {
        by_name[jobs[index].name].push_back(index);
    }
    std::vector<std::string> labels(jobs.size());
    for (const auto& [name, indexes] : by_name) {
        if (indexes.size() == 1) {
            labels[indexes.front()] = name;
            continue;
        }
        const auto* detail = details.begin();
        while (detail != details.end() - 1 && !tells_apart(*detail, jobs, indexes)) {
            ++detail;
        }
        for (const auto index : indexes) {
            labels[index] = fmt::format("{} ({})", name, (*detail)(jobs[index].identity));
        }
    }
    return labels;
}

}  // namespace snapferry
