#include "snapferry/core/agenda/job_state.h"

namespace snapferry {
namespace {

JobState after_end(JobState state) {
    switch (state) {
        case JobState::running:
        case JobState::outdated:
            return JobState::resting;
        case JobState::leaving:
            return JobState::gone;
        default:
            return state;
    }
}

JobState after_removal(JobState state) {
    switch (state) {
        case JobState::resting:
            return JobState::gone;
        case JobState::running:
        case JobState::outdated:
            return JobState::leaving;
        default:
            return state;
    }
}

}  // namespace

JobState after(JobEvent event, JobState state) {
    switch (event) {
        case JobEvent::began:
            return state == JobState::resting ? JobState::running : state;
        case JobEvent::ended:
            return after_end(state);
        case JobEvent::reconfigured:
            return is_at_work(state) ? JobState::outdated : JobState::resting;
        case JobEvent::removed:
            return after_removal(state);
    }
    return state;
}

}  // namespace snapferry
