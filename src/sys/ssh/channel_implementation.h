#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <cstdint>
#include <functional>

#include "byte_queue.h"
#include "snapferry/sys/ssh/channel.h"
#include "snapferry/sys/ssh/connection.h"

namespace snapferry::ssh {

/// libssh's channel and what its callbacks have heard. Its address is known to libssh: never moved.
class Channel::Implementation {
  public:
    explicit Implementation(std::shared_ptr<Connection> shared_connection);
    ~Implementation();
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;

    void start(const std::string& command);

    std::size_t write(std::span<const std::byte> bytes);
    void finish_writing();
    std::size_t read(std::span<std::byte> into, std::chrono::milliseconds wait);
    [[nodiscard]] bool ended() const;
    std::optional<int> exit_status(std::chrono::milliseconds wait);

    std::shared_ptr<Connection> connection;
    std::string error_output;

  private:
    /// Repeats one of libssh's non-blocking requests until it has its answer.
    int wait_for_answer(const std::function<int()>& request);
    int write_some(std::span<const std::byte> bytes);
    std::size_t take_output(std::span<std::byte> into);
    std::size_t take_output_from_libssh(std::span<std::byte> into);
    std::uint32_t keep_output(std::span<const std::byte> bytes);
    std::uint32_t keep_error_output(std::span<const std::byte> bytes);
    void register_callbacks();

    static int on_data(ssh_session session, ssh_channel channel, void* data, std::uint32_t length,
                       int is_error_output, void* self);
    static void on_close(ssh_session session, ssh_channel channel, void* self);
    static void on_exit_status(ssh_session session, ssh_channel channel, int status, void* self);
    static void on_exit_signal(ssh_session session, ssh_channel channel, const char* signal,
                               int dumped_core, const char* message, const char* language,
                               void* self);

    ssh_channel channel_;
    ssh_channel_callbacks_struct callbacks_{};
    ByteQueue output_;                ///< of stdout, what was not read yet
    bool libssh_has_output_ = false;  ///< more of it, held back by the window
    std::optional<int> exit_status_;
    bool closed_ = false;            ///< by the other side
    std::uint64_t data_events_ = 0;  ///< how often stdout or stderr brought something
};

}  // namespace snapferry::ssh
