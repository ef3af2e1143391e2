#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/progress_text.h"
#include "snapferry/send/run/run_listener.h"

namespace snapferry::send {

/// Shows a person how running jobs get on. On a terminal: a line for each below the log, drawn anew
/// four times a second, as wide as the terminal is by then. Elsewhere: a line of the log after a
/// minute of sending, and then every ten. As a Log it passes lines on to another one, above its
/// own.
class ProgressDisplay final : public RunListener, public Log {
  public:
    enum class Style { terminal, log };

    /// The style that fits standard output.
    static Style fitting();

    ProgressDisplay(Log& log, Style style);
    ~ProgressDisplay() override;
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

    void write(Severity severity, std::string_view line) override;
    void write_about(const LogContext& about, Severity severity, std::string_view line) override;
    void begins(const Job& job, const JobProgress& progress) override;
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

  private:
    struct Entry {
        std::string job;
        const JobProgress* progress;
        RateMeter rate;
        JobProgress::Clock::time_point stream_began;  ///< that the rate is of
        JobProgress::Clock::time_point next_line;     ///< in the log
    };

    void write_above(const std::function<void()>& write_line);
    void work(const std::stop_token& stop);
    void draw();
    void erase();
    void log_what_is_due();
    static ProgressState state_of(Entry& entry, const JobProgress::View& view);

    Log& log_;
    Style style_;
    std::mutex mutex_;
    std::condition_variable_any bell_;
    std::vector<Entry> entries_;
    bool drawn_ = false;
    std::jthread thread_;
};

}  // namespace snapferry::send
