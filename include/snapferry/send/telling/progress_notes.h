#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/progress_text.h"
#include "snapferry/send/run/run_listener.h"
#include "snapferry/sys/progress_file.h"

namespace snapferry::send {

/// Tells whoever looks (`snapferry status`) how far each run of this program is: a small file for
/// each, beside its lock, written anew every two seconds. That one cannot be written is said once,
/// for debugging: a backup needs none. There is a thread while there are runs. Thread-safe.
class ProgressNotes final : public RunListener {
  public:
    explicit ProgressNotes(Log& log);
    ~ProgressNotes() override;
    ProgressNotes(const ProgressNotes&) = delete;
    ProgressNotes& operator=(const ProgressNotes&) = delete;

    void begins(const Job& job, const JobProgress& progress) override;
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

  private:
    struct Entry {
        const JobProgress* progress;
        std::unique_ptr<sys::ProgressFile> file;
        RateMeter rate{};
        JobProgress::Clock::time_point stream_began{};
    };

    void work(const std::stop_token& stop);
    void write(Entry& entry);
    static UnderWay state_of(Entry& entry);

    Log& log_;
    std::mutex mutex_;
    std::condition_variable_any bell_;
    std::vector<Entry> entries_;
    bool has_complained_ = false;
    std::jthread thread_;
};

}  // namespace snapferry::send
