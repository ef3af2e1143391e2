#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/check/receiver_word.h"
#include "snapferry/core/exit_code.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/report/newest_backup.h"

namespace snapferry {

/// What one run of a job came to: what a history keeps, and hooks and metrics tell. Names are as
/// they are on the disk: whoever shows them escapes them.
struct RunReport {
    std::string run;  ///< a uuid of its own
    std::string job;  ///< what it is called; a label
    JobIdentity identity;
    WallTime started{};
    std::chrono::milliseconds duration{0};
    ExitCode outcome = ExitCode::done;
    std::string error;     ///< one line, with what to do; empty where all went well
    std::string snapshot;  ///< the last one that was begun to be sent; empty where none was
    std::string parent;    ///< what that one builds on; empty where it was sent in full
    std::uint64_t stream_bytes = 0;  ///< of all streams of this run, without what the receiver had
    std::uint64_t wire_bytes = 0;    ///< what became of them on the line, frames and all
    NewestBackup newest{};           ///< what the receiver is known to have, durably
    /// What the receiver said it keeps, newest first; nothing where it did not say.
    std::optional<std::vector<std::string>> kept{};
    std::optional<std::uint64_t> receiver_free_bytes;
    /// Subvolumes that lie in what was sent and are in no snapshot of it: paths in it.
    std::vector<std::string> nested{};
    std::optional<ReceiverWord> receiver_word{};  ///< nothing where it did not say
};

}  // namespace snapferry
