#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/sys/signals/stop_flag.h"

namespace snapferry::send {

/// Runs `snapferry tell`, which looks how the jobs stand, and sends mails: beside the runs, so that
/// a mail server that is silent holds nothing up, and libcurl is in no program that sends backups.
class TellProgram {
  public:
    /// `config` and `state_dir`: what this program itself was told.
    TellProgram(std::filesystem::path config, std::filesystem::path state_dir)
        : config_(std::move(config)), state_dir_(std::move(state_dir)) {}

    /// What it complains of is a warning. Ended when `stop` is raised: the mail waits.
    void run(const sys::StopFlag& stop, Log& log) const;

    /// Whether a mail waits whose next try has come.
    [[nodiscard]] bool has_to_try_again() const;

    [[nodiscard]] const std::filesystem::path& state_dir() const { return state_dir_; }

  private:
    std::filesystem::path config_;
    std::filesystem::path state_dir_;
};

}  // namespace snapferry::send
