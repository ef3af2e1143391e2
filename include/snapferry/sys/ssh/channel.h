#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace snapferry::ssh {

/// A command's stdin, stdout and stderr at the other end. Throws Failure (connection) where the
/// connection breaks, and Failure (protocol) where nothing moves for the session's stall time-out.
/// Closing happens in the destructor, which never waits and never throws. Writing takes in what
/// comes meanwhile: up to 4 MiB of unread stdout are kept, then the other side's window stays shut.
class Channel {
  public:
    ~Channel();
    Channel(Channel&&) noexcept;
    Channel& operator=(Channel&&) noexcept;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Writes all of `bytes` to the command's stdin and hands them to the kernel. Stops early,
    /// without error, once the other side has closed the channel: returns the number of bytes
    /// written, of which the command may have read fewer. Quickest in pieces of 256 KiB and more.
    std::size_t write(std::span<const std::byte> bytes);

    /// Says that no more will be written (EOF on the command's stdin).
    void finish_writing();

    /// Bytes of the command's stdout: waits up to `wait` for the first, returns how many were put
    /// into `into`; 0 where none came in time, or after the end (see ended()). A wait longer than
    /// the stall time-out throws once that has passed.
    std::size_t read(std::span<std::byte> into, std::chrono::milliseconds wait);

    /// True once the command's stdout has ended and everything of it was read.
    [[nodiscard]] bool ended() const;

    /// What came on the command's stderr since the last call; never waits. At most 64 KiB are kept,
    /// the first ones.
    std::string take_error_output();

    /// The command's exit status, waited for up to `wait` after its stdout ended; nothing where the
    /// other side sent none (killed by a signal, connection lost).
    std::optional<int> exit_status(std::chrono::milliseconds wait);

    /// The connection's socket, to poll for input beside other descriptors. libssh may hold input
    /// that the socket no longer shows: read() with no wait before polling.
    [[nodiscard]] int descriptor() const;

  private:
    friend class Session;
    class Implementation;
    explicit Channel(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace snapferry::ssh
