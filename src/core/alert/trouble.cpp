#include "snapferry/core/alert/trouble.h"

namespace snapferry::alert {
namespace {

using std::chrono::hours;

constexpr hours a_day{24};
constexpr hours nearly_a_day{20};  // a timer's next run may come an hour early
constexpr hours looks_are_rare{12};
constexpr hours half_a_day{12};

/// Also where the clock was set back: then nobody knows.
bool has_passed(WallTime since, hours time, WallTime now) {
    return now < since || now - since >= time;
}

bool is_due_again(const TroubleMemory& memory, WallTime now, bool goes_along) {
    if (goes_along && has_passed(memory.told, half_a_day, now)) {
        return true;
    }
    const bool is_looked_at_rarely = has_passed(memory.seen, looks_are_rare, now);
    return has_passed(memory.told, is_looked_at_rarely ? nearly_a_day : a_day, now);
}

Decision told_anew(WallTime now, bool came_back) {
    TroubleMemory memory{now, now, now};
    memory.came_back = came_back;
    return {Saying::begun, memory};
}

Decision while_there(const std::optional<TroubleMemory>& memory, WallTime now, bool goes_along) {
    if (!memory) {
        return told_anew(now, false);
    }
    if (memory->told_over) {
        return told_anew(now, !has_passed(*memory->over_since, a_day, now));
    }
    auto next = *memory;
    next.seen = now;
    next.over_since.reset();
    if (!is_due_again(*memory, now, goes_along)) {
        return {Saying::nothing, next};
    }
    next.told = now;
    return {Saying::still, next};
}

Decision once_over(TroubleMemory memory, WallTime now) {
    memory.seen = now;
    if (memory.told_over) {
        return has_passed(*memory.over_since, a_day, now) ? Decision{}
                                                          : Decision{Saying::nothing, memory};
    }
    const bool is_first_look = !memory.over_since || now < *memory.over_since;
    if (is_first_look) {
        memory.over_since = now;
    }
    if (memory.came_back && (is_first_look || now - *memory.over_since < a_day)) {
        return {Saying::nothing, memory};
    }
    memory.over_since = now;
    memory.told_over = true;
    return {Saying::over, memory};
}

}  // namespace

Decision what_to_tell(const std::optional<TroubleMemory>& memory, bool is_there, WallTime now,
                      bool goes_along) {
    if (is_there) {
        return while_there(memory, now, goes_along);
    }
    return memory ? once_over(*memory, now) : Decision{};
}

bool is_monthly_word_due(std::optional<std::int64_t> last_month, std::int64_t month) {
    return !last_month || *last_month != month;
}

}  // namespace snapferry::alert
