#pragma once

#include <filesystem>
#include <utility>

#include "snapferry/send/run_listener.h"

namespace snapferry::send {

/// Writes every run into the history, once it has ended. Opens it anew for each: nobody is kept
/// from writing in between, and one that was moved away is made again.
class HistoryListener final : public RunListener {
  public:
    explicit HistoryListener(std::filesystem::path file) : file_(std::move(file)) {}

    void begins(const Job&, const JobProgress&) override {}
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

  private:
    std::filesystem::path file_;
};

}  // namespace snapferry::send
