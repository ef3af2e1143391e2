#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/processes/process.h"
#include "snapferry/sys/processes/sealed_room.h"

namespace snapferry::receive {

struct ReceiveSettings {
    int nice = 19;
    sys::IoClass io_class = sys::IoClass::idle;
    std::chrono::seconds disk_timeout{1800};  ///< how long it may take nothing of the stream
    int lock_descriptor = -1;  ///< inherited: the tag stays locked until this program too is gone
    bool goes_on = false;  ///< with what an earlier run has received: a crash may be of its making
};

/// One run of the stock `btrfs receive` in the sealed room. It is killed where this object goes
/// before finish().
class BtrfsReceive {
  public:
    BtrfsReceive(const sys::SealedRoom& room, const ReceiveSettings& settings);
    ~BtrfsReceive();
    BtrfsReceive(BtrfsReceive&&) noexcept;
    BtrfsReceive& operator=(BtrfsReceive&&) noexcept;
    BtrfsReceive(const BtrfsReceive&) = delete;
    BtrfsReceive& operator=(const BtrfsReceive&) = delete;

    /// Hands on bytes of the stream. Throws Failure, with what the program said, where it has
    /// ended, and where it takes nothing for too long: a hostile stream can make it open a FIFO.
    void write(std::span<const std::byte> stream);

    /// Says that the stream is whole, and waits. Throws Failure for any exit status but 0 and for
    /// any line of error: a failed clone exits 0. (receiving, no_space or refused_stream.) One that
    /// says nothing about the stream may pass: the disk fails, the program does not start or is
    /// killed.
    void finish();

    /// A pidfd of the program, until it has ended.
    [[nodiscard]] int descriptor() const { return process_->descriptor(); }

  private:
    class Complaints;

    [[noreturn]] void fail(const sys::ExitStatus& status);
    [[noreturn]] void fail_by_crash(const std::string& how) const;
    [[noreturn]] void give_up();
    void wait_for_room();
    sys::ExitStatus end();

    sys::UniqueFd input_;
    std::unique_ptr<Complaints> complaints_;
    std::unique_ptr<sys::Process> process_;
    std::chrono::seconds disk_timeout_;
    bool goes_on_;
};

}  // namespace snapferry::receive
