#pragma once

#include <string>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/status/verdict.h"
#include "snapferry/sys/machine/screen.h"

/// What `snapferry status` and `snapferry history` show.
namespace snapferry::admin {

/// The verdict, a line for each job and each tag, how the disk is, and what a person has to know of
/// those that need one. On a screen no line is longer than it is wide: what matters least is left
/// out first.
std::string status_text(const Standing& standing, WallTime now, const sys::Screen& screen);

/// The same and more, as one JSON object. Names as they are, not escaped.
std::string status_json(const Standing& standing, WallTime now);

/// A line a run, in the order given.
std::string history_text(const std::vector<RunReport>& runs, const sys::Screen& screen);

/// One JSON object.
std::string history_json(const std::vector<RunReport>& runs);

/// How a job is, in a few words: "ok", "stale", "failing since today 07:00", "sending 34 %".
std::string state_text(const JobState& state, WallTime now, bool brief = false);

/// The same of a tag that is received.
std::string state_text(const TagStatus& tag, bool brief = false);

/// What a table says of a tag; of a disk that is away it is not known.
std::string kept_text(const TagStatus& tag);
std::string verified_text(const TagStatus& tag);
std::string new_data_text(const TagStatus& tag);

/// When it was, as one would say it today: "today 07:00", "yesterday 23:10", "tomorrow
/// 07:00", "Mon 07:00", "2026-03-02". In this machine's zone.
std::string when_text(WallTime time, WallTime now);

/// "3 d 4 h"; what is yet to come is "0 s" old.
std::string age_text(std::chrono::seconds age);

/// As duration_text, and milliseconds where it is less than ten seconds: "1.3 s".
std::string run_duration_text(std::chrono::milliseconds duration);

}  // namespace snapferry::admin
