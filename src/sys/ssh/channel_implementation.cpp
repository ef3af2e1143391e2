#include "channel_implementation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snapferry/core/answer/exit_signal.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/patience.h"

namespace snapferry::ssh {
namespace {

using std::chrono::milliseconds;

// Bytes handed to libssh at once, which it encrypts into its own buffer before it sends. Eight of
// OpenSSH's largest packets (32 KiB less 10 bytes of libssh's reserve).
constexpr std::size_t write_portion = 8 * (32 * 1024 - 10);
// Bytes of stdout taken in unread, so that a command that answers while it is written to goes on
// reading: twice OpenSSH's window (CHAN_SES_WINDOW_DEFAULT, 2 MiB), which is all it can answer to.
constexpr std::size_t kept_output = 4 * 1024 * 1024;
constexpr std::size_t kept_error_output = 64 * 1024;  // bytes

}  // namespace

Channel::Implementation::Implementation(std::shared_ptr<Connection> shared_connection)
    : connection(std::move(shared_connection)), channel_(ssh_channel_new(connection->session())) {
    if (channel_ == nullptr) {
        throw connection->broken();
    }
    register_callbacks();
}

Channel::Implementation::~Implementation() {
    // The channel may live on inside libssh until the other side has closed it too.
    ssh_remove_channel_callbacks(channel_, &callbacks_);
    ssh_channel_free(channel_);
}

void Channel::Implementation::register_callbacks() {
    callbacks_.userdata = this;
    callbacks_.channel_data_function = on_data;
    callbacks_.channel_close_function = on_close;
    callbacks_.channel_exit_status_function = on_exit_status;
    callbacks_.channel_exit_signal_function = on_exit_signal;
    ssh_callbacks_init(&callbacks_);
    if (ssh_add_channel_callbacks(channel_, &callbacks_) != SSH_OK) {
        ssh_channel_free(channel_);
        throw Failure(ExitCode::internal, "cannot watch an SSH channel");
    }
}

/// Returns how much was taken; the rest stays in libssh and keeps the window shut.
int Channel::Implementation::on_data(ssh_session /*session*/, ssh_channel /*channel*/, void* data,
                                     std::uint32_t length, int is_error_output, void* self) {
    auto& channel = *static_cast<Implementation*>(self);
    ++channel.data_events_;
    const std::span bytes(static_cast<const std::byte*>(data), length);
    const std::uint32_t taken =
        is_error_output != 0 ? channel.keep_error_output(bytes) : channel.keep_output(bytes);
    return static_cast<int>(taken);
}

std::uint32_t Channel::Implementation::keep_output(std::span<const std::byte> bytes) {
    const std::size_t room = kept_output - std::min(kept_output, output_.size());
    const auto taken = bytes.first(std::min(room, bytes.size()));
    output_.append(taken);
    libssh_has_output_ = taken.size() < bytes.size();
    return static_cast<std::uint32_t>(taken.size());
}

/// What finds no room is dropped: left in libssh it would shut the window it shares with stdout.
std::uint32_t Channel::Implementation::keep_error_output(std::span<const std::byte> bytes) {
    const std::size_t room = kept_error_output - error_output.size();
    error_output.append(reinterpret_cast<const char*>(bytes.data()), std::min(room, bytes.size()));
    return static_cast<std::uint32_t>(bytes.size());
}

void Channel::Implementation::on_close(ssh_session /*session*/, ssh_channel /*channel*/,
                                       void* self) {
    static_cast<Implementation*>(self)->closed_ = true;
}

void Channel::Implementation::on_exit_status(ssh_session /*session*/, ssh_channel /*channel*/,
                                             int status, void* self) {
    static_cast<Implementation*>(self)->exit_status_ = status;
}

/// As a shell would say it.
void Channel::Implementation::on_exit_signal(ssh_session /*session*/, ssh_channel /*channel*/,
                                             const char* signal, int /*dumped_core*/,
                                             const char* /*message*/, const char* /*language*/,
                                             void* self) {
    static_cast<Implementation*>(self)->exit_status_ =
        status_of_signal(signal == nullptr ? "" : signal);
}

int Channel::Implementation::wait_for_answer(const std::function<int()>& request) {
    const StallClock stall(connection->stall_timeout());
    int result = request();
    while (result == SSH_AGAIN) {
        if (stall.run_out()) {
            throw connection->stalled();
        }
        connection->pump(stall.left());
        result = request();
    }
    return result;
}

void Channel::Implementation::start(const std::string& command) {
    if (wait_for_answer([this] { return ssh_channel_open_session(channel_); }) != SSH_OK) {
        throw connection->refused("a channel");
    }
    const int result = wait_for_answer(
        [this, &command] { return ssh_channel_request_exec(channel_, command.c_str()); });
    if (result != SSH_OK) {
        throw connection->refused("the command");
    }
}

/// What libssh took, 0 while the other side's window is shut or keys are being exchanged, negative
/// once the other side has closed the channel.
int Channel::Implementation::write_some(std::span<const std::byte> bytes) {
    if (closed_) {
        return -1;
    }
    const auto portion = static_cast<std::uint32_t>(std::min(bytes.size(), write_portion));
    const int taken = ssh_channel_write(channel_, bytes.data(), portion);
    if (taken < 0 && !closed_) {
        throw connection->broken();
    }
    return taken;
}

std::size_t Channel::Implementation::write(std::span<const std::byte> bytes) {
    using std::chrono::steady_clock;
    wire::Patience patience(connection->stall_timeout(), wire::longest_standstill,
                            steady_clock::now());
    std::uint64_t data_events_seen = data_events_;
    std::size_t written = 0;
    while (written < bytes.size()) {
        const int taken = write_some(bytes.subspan(written));
        if (taken < 0) {
            break;
        }
        if (taken > 0) {
            written += static_cast<std::size_t>(taken);
            connection->send_everything();
        }
        if (taken > 0) {
            patience.moved(steady_clock::now());
        } else if (data_events_ != data_events_seen) {
            patience.lives(steady_clock::now());
        }
        data_events_seen = data_events_;
        if (patience.is_silent(steady_clock::now())) {
            throw connection->stalled();
        }
        if (patience.stands_still(steady_clock::now())) {
            throw connection->takes_nothing();
        }
        // What libssh heard while it tried to write wakes no poll: neither an end that came then
        // nor an open window may be waited for.
        if (taken == 0 && !closed_) {
            connection->pump(patience.left(steady_clock::now()));
        }
    }
    return written;
}

void Channel::Implementation::finish_writing() {
    if (closed_) {
        return;
    }
    if (ssh_channel_send_eof(channel_) == SSH_ERROR) {
        throw connection->broken();
    }
    connection->send_everything();
}

std::size_t Channel::Implementation::take_output_from_libssh(std::span<std::byte> into) {
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(into.size(), kept_output));
    const int count = ssh_channel_read_nonblocking(channel_, into.data(), size, 0);
    if (count <= 0) {
        libssh_has_output_ = false;
        return 0;
    }
    if (connection->has_unsent()) {
        connection->pump(milliseconds(0));  // the other side may wait for the window this opened
    }
    return static_cast<std::size_t>(count);
}

std::size_t Channel::Implementation::take_output(std::span<std::byte> into) {
    const std::size_t count = output_.take(into);
    return count == 0 && libssh_has_output_ ? take_output_from_libssh(into) : count;
}

std::size_t Channel::Implementation::read(std::span<std::byte> into, milliseconds wait) {
    const StallClock patience(wait);
    const StallClock stall(connection->stall_timeout());
    bool last_look = false;
    for (;;) {
        const std::size_t count = take_output(into);
        if (count > 0 || last_look || ended()) {
            return count;
        }
        if (stall.run_out()) {
            throw connection->stalled();
        }
        last_look = patience.run_out();
        connection->pump(std::min(patience.left(), stall.left()));
    }
}

bool Channel::Implementation::ended() const {
    return output_.size() == 0 && ssh_channel_is_eof(channel_) != 0;
}

std::optional<int> Channel::Implementation::exit_status(milliseconds wait) {
    const StallClock patience(wait);
    try {
        while (!exit_status_ && !closed_ && !patience.run_out()) {
            connection->pump(patience.left());
        }
    } catch (const Failure&) {
        // A lost connection brings no status; who reads or writes next is told.
    }
    return exit_status_;
}

}  // namespace snapferry::ssh
