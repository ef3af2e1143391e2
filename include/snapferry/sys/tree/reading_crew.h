#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/manifest/entry.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/contents.h"

namespace snapferry::sys {

/// What became of reading a file: its digest, or why it could not be read.
using ReadContents = std::variant<manifest::Digest, std::string>;

/// Threads that read files from the disk (see ReadFrom), several at a time. At most so many files
/// as `most_open` wait or are being read, for each of them is open.
class ReadingCrew {
  public:
    /// One file; made by read().
    struct Order {
        UniqueFd file;
        std::string shown;
        std::optional<ReadContents> contents{};
    };

    /// `when_read` is called by any of the threads.
    ReadingCrew(unsigned threads, ExitCode code, WhenRead when_read);

    /// Gives up what is not read yet.
    ~ReadingCrew();
    ReadingCrew(const ReadingCrew&) = delete;
    ReadingCrew& operator=(const ReadingCrew&) = delete;

    /// Called only where has_room(). `shown` for messages.
    std::shared_ptr<Order> read(UniqueFd file, std::string shown);

    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool is_done(const Order& order) const;

    /// Waits until the order is done.
    ReadContents await(const Order& order);

    /// Waits until the order is done or there is room.
    void await_done_or_room(const Order& order);

  private:
    static constexpr std::size_t most_open = 256;

    void work();
    [[nodiscard]] ReadContents contents_of_order(const Order& order) const;

    ExitCode code_;
    WhenRead when_read_;
    mutable std::mutex mutex_;
    std::condition_variable work_there_;
    std::condition_variable one_done_;
    std::deque<std::shared_ptr<Order>> waiting_;
    std::size_t open_ = 0;
    std::atomic<bool> ends_ = false;
    std::vector<std::jthread> threads_;  ///< the last member: they use the others
};

}  // namespace snapferry::sys
