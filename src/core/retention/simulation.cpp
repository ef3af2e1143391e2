#include "snapferry/core/retention/simulation.h"

#include <fmt/format.h>

#include <algorithm>

namespace snapferry {
namespace {

class Simulation {
  public:
    Simulation(std::vector<Backup> backups, const ArrivalBook& book, const RetentionPolicy& policy)
        : backups_(std::move(backups)), policy_(policy) {
        for (const auto& [copy, arrival] : book.present) {
            periods_.note(arrival.when, arrival.counted, arrival.periods);
        }
        for (const auto& backup : backups_) {
            last_ = std::max(last_, backup.arrival);
        }
    }

    void arrive(const LocalMoment& when, CountedTime counted) {
        const std::chrono::year_month_day date(
            std::chrono::floor<std::chrono::days>(when.at + when.offset));
        auto name = SnapshotName::parse(
            fmt::format("to-come-{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
        Backup one{std::move(name.value()), {}, ++last_, when.at, {}, counted};
        one.periods = periods_.enter(when, counted);
        backups_.push_back(std::move(one));
    }

    std::vector<RetentionDecision> prune(CountedTime now) {
        auto decisions = plan_retention(backups_, policy_, now);
        std::erase_if(decisions, [](const RetentionDecision& one) { return !one.keep; });
        backups_.clear();
        for (const auto& decision : decisions) {
            backups_.push_back(decision.backup);
        }
        return decisions;
    }

  private:
    std::vector<Backup> backups_;
    const RetentionPolicy& policy_;
    PeriodBook periods_;
    std::uint64_t last_ = 0;
};

}  // namespace

std::vector<RetentionDecision> simulate(std::vector<Backup> backups, const ArrivalBook& book,
                                        const RetentionPolicy& policy, CountedTime now,
                                        std::chrono::sys_seconds today, std::chrono::days days,
                                        const OffsetAt& offset_at) {
    Simulation simulation(std::move(backups), book, policy);
    auto decisions = simulation.prune(now);
    for (std::chrono::days day{1}; day <= days; ++day) {
        simulation.arrive({today + day, offset_at(today + day)}, now + day);
        decisions = simulation.prune(now + day);
    }
    return decisions;
}

}  // namespace snapferry
