#pragma once

#include <string_view>

namespace snapferry {

/// Where a job of the daemon is.
enum class JobState {
    resting,   ///< it runs when it is due
    running,   ///< by the settings that it has
    outdated,  ///< it runs by settings that it has no more, and is run again
    leaving,   ///< it runs, and the configuration has it no more
    gone,      ///< and it does not run: nothing is kept of it
};

/// What happens to it.
enum class JobEvent {
    began,
    ended,
    reconfigured,  ///< by other settings, or anew after it was removed
    removed,       ///< from the configuration
};

/// Where it is then. What cannot happen there changes nothing.
JobState after(JobEvent event, JobState state);

/// Whether it is at work: another run of it may not begin.
constexpr bool is_at_work(JobState state) {
    return state == JobState::running || state == JobState::outdated || state == JobState::leaving;
}

/// Whether the configuration has it.
constexpr bool is_configured(JobState state) {
    return state != JobState::leaving && state != JobState::gone;
}

}  // namespace snapferry
