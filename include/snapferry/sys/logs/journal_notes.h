#pragma once

#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// Lines for the machine's own journal from a program that talks to somebody else: it never waits
/// for the journal, and goes on without it where there is none or it takes nothing. (libsystemd
/// waits: a journal that hangs would stop a backup.) Not shown: debug. Thread-safe.
class JournalNotes final : public Log {
  public:
    /// `identifier`: the program's name; `tag`: SNAPFERRY_TAG of every line.
    JournalNotes(std::string identifier, std::string tag);

    void write(Severity severity, std::string_view line) override;

  private:
    std::string identifier_;
    std::string tag_;
    UniqueFd socket_;
};

}  // namespace snapferry::sys
