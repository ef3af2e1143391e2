#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/link/receiver_channel.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/processes/process.h"

namespace snapferry::send {

/// The sender's end of the wire to a receiver on this machine: a child of its own, over two pairs
/// of sockets, that lives on when this program is killed. It then finds the end of its input, and
/// keeps what has come, as behind a connection that broke.
class LocalLink final : public ReceiverChannel {
  public:
    /// Starts the receiver of the tag and greets it. Throws Failure with what it said.
    LocalLink(Line& line, const Tag& tag, Log& log);
    LocalLink(const LocalLink&) = delete;
    LocalLink& operator=(const LocalLink&) = delete;
    LocalLink(LocalLink&&) = delete;
    LocalLink& operator=(LocalLink&&) = delete;

    /// Waits for its end: the next one would find the tag locked. One that hangs in the kernel is
    /// waited for no longer than for ten minutes.
    ~LocalLink() override;

    [[nodiscard]] int descriptor() const override { return words_.read_end.get(); }

  private:
    void start(const Tag& tag);
    void greet();
    bool ends_within(std::chrono::seconds patience);
    void hear();
    void wait_for_room(std::chrono::milliseconds patience);
    [[nodiscard]] std::string last_words();

    std::size_t write_some(std::span<const std::byte> bytes) override;
    std::size_t read_some(std::span<std::byte> into, std::chrono::milliseconds wait) override;
    bool has_ended() override { return ended_ && heard_.empty(); }
    [[noreturn]] void explain_end() override;

    Line& line_;
    sys::Pipe stream_ = sys::Pipe::make_for_bulk();  ///< to it
    sys::Pipe words_ = sys::Pipe::make_for_bulk();   ///< from it
    sys::Pipe errors_ = sys::Pipe::make();
    std::optional<sys::Process> process_{};
    std::string heard_;  ///< while it took nothing
    bool ended_ = false;
};

}  // namespace snapferry::send
