#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::send {

/// The receiver has said what it failed by.
class ReceiverFailed : public Failure {
  public:
    ReceiverFailed(ExitCode code, const std::string& message, std::string hint, bool may_pass)
        : Failure(code, message, std::move(hint)) {
        set_may_pass(may_pass);
    }
};

/// The sender's end of the wire, once both sides have greeted, whatever carries its bytes. Lines of
/// the receiver's log go to this side's log as they come.
class ReceiverChannel {
  public:
    virtual ~ReceiverChannel() = default;
    ReceiverChannel(const ReceiverChannel&) = delete;
    ReceiverChannel& operator=(const ReceiverChannel&) = delete;

    void send(const wire::Message& message) { write(wire::encode(message)); }

    /// Sends a whole frame, header and payload.
    void send_frame(std::span<const std::byte> frame) { write(frame); }

    /// Says that this side lives, where it has said nothing for some seconds. Throws Failure where
    /// the receiver should have said that it lives, and has not for long.
    void keep_alive();

    /// Takes in what the receiver has said so far, without waiting. Throws Failure where that is
    /// that it failed.
    void listen();

    /// The next message that is not of the log or the progress. Throws Failure where the receiver
    /// failed, ended, has said nothing for two minutes, or nothing but signs of life for hours.
    wire::Message await();

    [[nodiscard]] const wire::Progress& progress() const { return progress_; }

    /// For poll(): it can be read when the receiver may have said something.
    [[nodiscard]] virtual int descriptor() const = 0;

  protected:
    explicit ReceiverChannel(Log& log);

    /// What has been read of the receiver's frames before.
    void take_up(std::string_view words);

    void note_that_something_was_said() { last_said_ = std::chrono::steady_clock::now(); }
    void write(std::span<const std::byte> bytes);

  private:
    /// Returns how much of it has gone: less than all where the receiver takes no more.
    virtual std::size_t write_some(std::span<const std::byte> bytes) = 0;

    /// 0 where nothing has come within `wait`, or nothing comes any more.
    virtual std::size_t read_some(std::span<std::byte> into, std::chrono::milliseconds wait) = 0;

    /// All has been read, and nothing comes any more.
    [[nodiscard]] virtual bool has_ended() = 0;

    /// The Failure that the receiver's end is.
    [[noreturn]] virtual void explain_end() = 0;

    virtual void look_at(const wire::Message& /*message*/) {}

    bool read_more(std::chrono::milliseconds wait);
    std::optional<wire::Message> take_message();
    void note(const wire::Message& message);
    void require_life();

    Log& log_;
    wire::FrameReader frames_;
    std::vector<std::byte> buffer_;
    wire::Progress progress_;
    std::chrono::steady_clock::time_point last_said_;
    std::optional<std::chrono::steady_clock::time_point>
        last_heard_;  ///< once it must say it lives
};

}  // namespace snapferry::send
