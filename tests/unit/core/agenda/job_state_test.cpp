#include "snapferry/core/agenda/job_state.h"

#include "catch.h"

using namespace snapferry;

using State = JobState;
using Event = JobEvent;

TEST_CASE("where a job of the daemon is after what happens to it") {
    struct Row {
        State from;
        State began, ended, reconfigured, removed;
    };
    const Row table[] = {
        {State::resting, State::running, State::resting, State::resting, State::gone},
        {State::running, State::running, State::resting, State::outdated, State::leaving},
        {State::outdated, State::outdated, State::resting, State::outdated, State::leaving},
        {State::leaving, State::leaving, State::gone, State::outdated, State::leaving},
        {State::gone, State::gone, State::gone, State::resting, State::gone},
    };
    for (const auto& row : table) {
        CAPTURE(static_cast<int>(row.from));
        CHECK(after(Event::began, row.from) == row.began);
        CHECK(after(Event::ended, row.from) == row.ended);
        CHECK(after(Event::reconfigured, row.from) == row.reconfigured);
        CHECK(after(Event::removed, row.from) == row.removed);
    }
}

TEST_CASE("whatever happens in whatever order, a job that runs is not forgotten before its end") {
    // All sequences of events up to a length, with what is true of each counted beside.
    constexpr int length = 7;
    constexpr Event events[] = {Event::began, Event::ended, Event::reconfigured, Event::removed};
    int sequences = 1;
    for (int at = 0; at < length; ++at)
        sequences *= 4;
    for (int sequence = 0; sequence < sequences; ++sequence) {
        auto state = State::resting;
        bool runs = false;
        auto rest = sequence;
        for (int at = 0; at < length; ++at, rest /= 4) {
            const auto event = events[rest % 4];
            if (event == Event::began && (is_at_work(state) || !is_configured(state)))
                continue;  // nobody begins it
            if (event == Event::ended && !runs)
                continue;
            runs = event == Event::began || (runs && event != Event::ended);
            state = after(event, state);
            REQUIRE(is_at_work(state) == runs);
        }
    }
}
