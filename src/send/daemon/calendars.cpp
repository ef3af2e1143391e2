#include "snapferry/send/daemon/calendars.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::send {

void Calendars::set(const std::vector<Job>& jobs) {
    std::map<std::string, CalendarPlan> plans;
    for (const auto& job : jobs) {
        const auto& expression = job.schedule.calendar;
        if (!expression.empty()) {
            const auto* const known = find(expression);
            plans.try_emplace(expression, known == nullptr ? CalendarPlan() : *known);
        }
    }
    plans_ = std::move(plans);
}

std::optional<std::string> Calendars::ask_one(const Moment& now) {
    for (auto& [expression, plan] : plans_) {
        if (plan.is_to_be_asked(now)) {
            ask(expression, plan, now);
            return expression;
        }
    }
    return std::nullopt;
}

void Calendars::ask(const std::string& expression, CalendarPlan& plan, const Moment& now) {
    try {
        plan.answered(read_(expression), now);
    } catch (const std::exception& failure) {
        const auto pause = plan.failed(now);
        log_.warning("{}; what is known of \"{}\" goes on to count; asking again in {}",
                     failure.what(), escape_text(expression), duration_text(pause));
    }
}

const CalendarPlan* Calendars::find(const std::string& expression) const {
    const auto found = plans_.find(expression);
    return found == plans_.end() ? nullptr : &found->second;
}

void Calendars::clock_was_set(const Moment& now) {
    for (auto& [expression, plan] : plans_) {
        plan.clock_was_set(now);
    }
}

std::optional<BootTime> Calendars::next_time() const {
    std::optional<BootTime> next;
    for (const auto& [expression, plan] : plans_) {
        next = std::min(next.value_or(BootTime::max()), plan.ask_at());
    }
    return next;
}

}  // namespace snapferry::send
