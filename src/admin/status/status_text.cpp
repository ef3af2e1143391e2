#include <fmt/format.h>

#include "snapferry/admin/status/status.h"
#include "snapferry/core/report/nested_text.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"
#include "status_tables.h"

namespace snapferry::admin {
namespace {

/// Notes below the tables, each a paragraph.
class Notes {
  public:
    explicit Notes(const sys::Screen& screen) : screen_(screen) {}

    void add(const std::string& words) { text_ += "\n" + wrapped_text(words, screen_); }
    void add(const std::string& name, const std::string& words) {
        add(fmt::format("{}: {}", escape_text(name), words));
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    const sys::Screen& screen_;
    std::string text_;
};

void note_age(const JobState& job, WallTime now, Notes& notes) {
    const auto judgement = judge(job, now);
    const auto age = duration_text(judgement.age.value_or(std::chrono::seconds{0}));
    switch (judgement.condition) {
        case Condition::stale:
            notes.add(job.job, fmt::format("the newest backup is {} old; too old after {}", age,
                                           text_of(job.allowed)));
            break;
        case Condition::doubtful:
            notes.add(job.job, fmt::format("the newest backup is {} old; how often one is made is "
                                           "not known yet: max_age can say it",
                                           age));
            break;
        case Condition::from_the_future:
            notes.add(job.job,
                      fmt::format("the newest backup was taken {} from now: is the clock right?",
                                  duration_text(-*judgement.age)));
            break;
        default:
            break;
    }
}

void note_job(const JobState& job, WallTime now, Notes& notes) {
    note_age(job, now, notes);
    if (last_run_failed(job)) {
        notes.add(job.job, failure_of_last_run(job));
    }
    if (!job.paused.empty()) {
        notes.add(job.job, fmt::format("{}; snapferry resume {} lets it be sent again", job.paused,
                                       job.identity.dest_tag));
    }
    if (job.history && job.history->small_full_send) {
        notes.add(job.job, text_of(*job.history->small_full_send));
    }
    if (job.history && !job.history->last_run.nested.empty()) {
        notes.add(job.job, nested_text(job.history->last_run.nested));
    }
}

void note_findings(const std::vector<Finding>& findings, Notes& notes) {
    for (const auto& one : findings) {
        if (one.state != CheckState::ok) {
            notes.add(one.text);
        }
    }
}

std::string disk_text(const DiskStatus& disk, const sys::Screen& screen) {
    auto text = fmt::format("Disk: {} of {} free, {} of them in reserve", byte_text(disk.free),
                            byte_text(disk.total), byte_text(disk.reserve));
    if (const auto full = full_in(disk)) {
        text += fmt::format("; {} a day arrive: full in {}, were nothing pruned",
                            byte_text(disk.bytes_a_day), rough_duration(*full));
    }
    return wrapped_text(text, screen);
}

std::string receiving_text(const ReceivingStatus& receiving, WallTime now,
                           const sys::Screen& screen) {
    std::string text = "\n";
    if (!receiving.tags.empty()) {
        text += tags_table(receiving.tags, now, screen) + "\n";
    }
    if (receiving.disk) {
        text += disk_text(*receiving.disk, screen);
    }
    for (const auto& one : receiving.findings) {
        const bool is_said = !one.values.empty() && one.values.front().label == "free";
        if (one.state == CheckState::ok && !is_said) {
            text += wrapped_text(one.text, screen);
        }
    }
    return text;
}

}  // namespace

std::string status_text(const Standing& standing, WallTime now, const sys::Screen& screen) {
    auto text = wrapped_text(verdict_of(standing, now).text, screen);
    if (!standing.jobs.empty()) {
        text += "\n" + jobs_table(standing.jobs, now, screen);
    }
    if (!standing.rotations.empty()) {
        text += "\n" + rotations_table(standing.rotations, now, screen);
    }
    Notes notes(screen);
    for (const auto& job : standing.jobs) {
        note_job(job, now, notes);
    }
    note_findings(receiver_findings(standing.jobs, now), notes);
    if (standing.receiving) {
        text += receiving_text(*standing.receiving, now, screen);
        for (const auto& tag : standing.receiving->tags) {
            note_findings(tag.findings, notes);
        }
        note_findings(standing.receiving->findings, notes);
    }
    note_findings(standing.others, notes);
    note_findings(findings_of(standing.rotations, now), notes);
    return text + notes.text();
}

}  // namespace snapferry::admin
