#include "snapferry/send/here/complete_facts.h"

#include <vector>

#include "snapferry/send/here/allowed_age_of.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/sys/pauses.h"
#include "snapferry/sys/progress_file.h"

namespace snapferry::send {

void complete(JobFacts& job, const std::optional<std::chrono::seconds>& max_age) {
    job.allowed = allowed_age_of(job.identity, max_age,
                                 job.history ? job.history->taken : std::vector<WallTime>{});
    job.under_way = sys::progress_in(progress_file_of(job.identity), lock_file_of(job.identity));
    if (const auto pause = sys::Pauses().of(job.identity.dest_tag)) {
        job.paused = sys::pause_text(*pause);
    }
}

}  // namespace snapferry::send
