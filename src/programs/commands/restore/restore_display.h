#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "snapferry/core/report/progress_text.h"
#include "snapferry/restore/files/restore_listener.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::commands {

/// Shows a person how a restore gets on: a line that is drawn anew on a terminal, and what is left
/// alone, failed or differs on stderr, the first 20 of each. Also takes over the signals that end a
/// program: the restore ends between two files then.
class RestoreDisplay final : public restore::RestoreListener {
  public:
    RestoreDisplay(const std::string& tag, bool all);
    ~RestoreDisplay() override;
    RestoreDisplay(const RestoreDisplay&) = delete;
    RestoreDisplay& operator=(const RestoreDisplay&) = delete;

    void begins(const std::string& phase, std::uint64_t bytes) override;
    void went_on(std::uint64_t bytes) override;
    void left_alone(const std::string& path, const std::vector<manifest::Aspect>& differs) override;
    void failed(const std::string& path, const std::string& why) override;
    void differs(const manifest::Difference& difference) override;
    void stop_if_asked() override;

    /// Takes the line of progress away, and says how many of each were not shown.
    void end();

  private:
    /// Lines of one kind.
    struct Told {
        std::string what;
        std::size_t count = 0;
    };

    void tell(Told& told, const std::string& line);
    void draw();
    void wipe();

    bool all_;
    sys::UniqueFd signals_;
    ProgressState state_;
    RateMeter rate_;
    std::chrono::steady_clock::time_point drawn_{};
    bool is_drawn_ = false;
    Told left_{"that are left alone"};
    Told failed_{"that failed"};
    Told differ_{"that differ"};
};

}  // namespace snapferry::commands
