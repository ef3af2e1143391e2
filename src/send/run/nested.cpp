#include "snapferry/send/run/nested.h"

#include "snapferry/core/failure.h"
#include "snapferry/core/report/nested_text.h"
#include "snapferry/sys/btrfs/nested.h"

namespace snapferry::send {

void tell_of_nested(RunningJob& run) {
    if (!run.job.tells_of_nested) {
        return;
    }
    try {
        run.report.nested =
            btrfs::nested_subvolumes(run.view.newest().origin, run.job.snapshot_dir);
    } catch (const Failure& failure) {
        run.log.debug("{}", failure.what());
    }
    if (const auto words = nested_text(run.report.nested); !words.empty()) {
        run.tell_once(Severity::warning, words);
    }
}

}  // namespace snapferry::send
