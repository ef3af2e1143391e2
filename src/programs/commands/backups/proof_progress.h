#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "snapferry/core/report/progress_text.h"

namespace snapferry::commands {

/// Shows on a terminal how far a long reading is: one line, drawn anew four times a second below
/// what is said meanwhile. Elsewhere it says only what is said.
class ProofProgress {
  public:
    explicit ProofProgress(bool is_shown);
    ~ProofProgress();
    ProofProgress(const ProofProgress&) = delete;
    ProofProgress& operator=(const ProofProgress&) = delete;

    /// From now on it is about this one, of so many bytes.
    void begins(const std::string& name, std::uint64_t bytes);

    /// By any thread.
    void note(std::size_t bytes) { read_ += bytes; }

    /// A line above it, with its end, on standard output or standard error.
    void say(const std::string& line);
    void complain(const std::string& line);

    /// Nothing is under way any more.
    void ends();

  private:
    void work(const std::stop_token& stop);
    void draw();
    void erase();

    bool is_shown_;
    std::mutex mutex_;
    std::condition_variable_any bell_;
    std::string name_;  ///< empty where nothing is under way
    std::uint64_t total_ = 0;
    std::atomic<std::uint64_t> read_ = 0;
    RateMeter rate_;
    bool drawn_ = false;
    std::jthread thread_;
};

}  // namespace snapferry::commands
