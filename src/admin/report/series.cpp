#include "snapferry/admin/report/series.h"

#include <algorithm>
#include <map>

#include "snapferry/core/time/name_time.h"

namespace snapferry::admin {
namespace {

void note(std::map<std::string, BackupMark>& marks, const std::string& name,
          const std::optional<WallTime>& taken) {
    auto& mark = marks[name];
    mark.name = name;
    if (taken && (!mark.taken || *taken < *mark.taken)) {
        mark.taken = taken;
    }
}

std::vector<RunReport> newest_that(const JobReport& job, std::size_t most,
                                   bool (*wanted)(const RunReport&)) {
    std::vector<RunReport> found;
    for (const auto& run : job.runs) {
        if (found.size() < most && wanted(run)) {
            found.push_back(run);
        }
    }
    return found;
}

}  // namespace

std::vector<BackupMark> backup_marks(const JobReport& job) {
    std::map<std::string, BackupMark> by_name;
    for (const auto& run : job.runs) {
        if (const auto* const newest = run.newest.snapshot()) {
            note(by_name, newest->name, newest->taken);
        }
    }
    if (job.state.history && job.state.history->kept) {
        for (const auto& name : *job.state.history->kept) {
            note(by_name, name, std::nullopt);
            by_name[name].kept = true;
        }
    }
    std::vector<BackupMark> marks;
    for (auto& [name, mark] : by_name) {
        mark.taken = mark.taken ? mark.taken : std::optional<WallTime>(time_in_name(name));
        marks.push_back(std::move(mark));
    }
    std::stable_sort(
        marks.begin(), marks.end(),
        [](const BackupMark& one, const BackupMark& other) { return one.taken < other.taken; });
    return marks;
}

std::vector<RunReport> runs_with_news(const JobReport& job, std::size_t most) {
    auto found = newest_that(job, most, [](const RunReport& run) {
        return run.stream_bytes > 0 || run.outcome != ExitCode::done;
    });
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<RunReport> newest_failures(const JobReport& job, std::size_t most) {
    return newest_that(job, most,
                       [](const RunReport& run) { return run.outcome != ExitCode::done; });
}

}  // namespace snapferry::admin
