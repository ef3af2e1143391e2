#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "snapferry/send/run/run_listener.h"

namespace snapferry::send {

/// Writes every run into the history, once it has ended. Opens it anew for each: nobody is kept
/// from writing in between, and one that was moved away is made again.
class HistoryListener final : public RunListener {
  public:
    explicit HistoryListener(std::filesystem::path file) : file_(std::move(file)) {}

    void begins(const Job& job, const JobProgress& progress) override;
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

    /// When the newest backup was made that the job of this report is known to have; nothing where
    /// nothing is known, or the history cannot be read: the run's own note of it has told so.
    [[nodiscard]] std::optional<WallTime> newest_known(const RunReport& report) const noexcept;

    /// A signal ends the program: writes down what is under way, as interrupted. Of what ends
    /// afterwards nothing is noted. Throws nothing, for the program is to end in any case.
    void stopped_by_signal() noexcept;

  private:
    std::filesystem::path file_;
    std::mutex mutex_;
    std::map<const JobProgress*, RunReport> under_way_;
    bool stopped_ = false;
};

}  // namespace snapferry::send
