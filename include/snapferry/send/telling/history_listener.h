#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "snapferry/core/log/log.h"
#include "snapferry/send/run/run_listener.h"
#include "snapferry/send/telling/hooks.h"
#include "snapferry/sys/history.h"

namespace snapferry::send {

/// Writes every run into the history, once it has ended. Opens it anew for each: nobody is kept
/// from writing in between, and one that was moved away is made again.
class HistoryListener final : public RunListener {
  public:
    /// `log`: of the program, for what the history tells of a run beside others.
    HistoryListener(std::filesystem::path file, Log& log) : file_(std::move(file)), log_(log) {}

    void begins(const Job& job, const JobProgress& progress) override;
    void hears(const Job& job, const RunReport& report) override;
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

    /// When the newest backup was made that this job is known to have, and when all were that are
    /// known of; nothing where nothing is known, or the history cannot be read: a run's own note
    /// of it has told so.
    [[nodiscard]] Hooks::Known known(const JobIdentity& identity) const noexcept;

    /// A signal ends the program: writes down what is under way, as interrupted. Of what ends
    /// afterwards nothing is noted. Throws nothing, for the program is to end in any case.
    void stopped_by_signal() noexcept;

  private:
    void warn_of_small_full_send(const sys::History& history, const RunReport& report);

    std::filesystem::path file_;
    Log& log_;
    std::mutex mutex_;
    std::map<const JobProgress*, RunReport> under_way_;
    bool stopped_ = false;
};

}  // namespace snapferry::send
