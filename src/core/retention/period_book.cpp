#include "snapferry/core/retention/period_book.h"

#include <algorithm>

namespace snapferry {

void PeriodBook::note(const LocalMoment& when, CountedTime counted, const PeriodIds& ids) {
    for (const auto period : all_periods) {
        const auto index = index_of(period);
        const auto id = ids.at(index);
        auto& begun = by_key_.at(index)[period_key(period, when)];
        if (id > begun.id) {
            begun = {id, counted};
        } else if (id == begun.id) {
            begun.first = std::min(begun.first, counted);
        }
        last_.at(index) = std::max(last_.at(index), id);
    }
}

PeriodIds PeriodBook::enter(const LocalMoment& when, CountedTime counted) {
    PeriodIds ids{};
    for (const auto period : all_periods) {
        const auto index = index_of(period);
        auto& begun = by_key_.at(index)[period_key(period, when)];
        if (begun.id == 0 || counted - begun.first > longest(period)) {
            begun = {++last_.at(index), counted};
        }
        ids.at(index) = begun.id;
    }
    return ids;
}

}  // namespace snapferry
