#pragma once

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/sys/logs/journal_notes.h"

namespace snapferry::receive {

/// What a run tells the sender is also in this machine's own journal: what arrived, replaced
/// another copy, was pruned, went wrong. Who has the NAS cannot take it away there.
class NotedLog final : public Log {
  public:
    NotedLog(const Tag& tag, Log& sender)
        : sender_(sender), journal_("snapshot-receive", tag.text()) {}

    void write(Severity severity, std::string_view line) override {
        journal_.write(severity, line);
        sender_.write(severity, line);
    }

    /// Only in the journal: the sender hears of it as a failure.
    void note_failure(std::string_view line) { journal_.write(Severity::error, line); }

  private:
    Log& sender_;
    sys::JournalNotes journal_;
};

}  // namespace snapferry::receive
