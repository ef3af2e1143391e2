#pragma once

#include <libssh/libssh.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>

#include "snapferry/core/failure.h"
#include "snapferry/sys/ssh/key.h"

namespace snapferry::ssh {

struct Destination;

/// What Session and its Channels share: libssh's session, logged in and non-blocking, so that only
/// pump() waits. Lives as long as the last of them. libssh exchanges keys anew by itself, after 1
/// GiB of chacha20 and 64 GiB of AES (its ssh_init_rekey_state, after RFC 4344 and 4253).
class Connection {
  public:
    explicit Connection(const Destination& destination);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] ssh_session session() const { return session_.get(); }
    [[nodiscard]] std::chrono::milliseconds stall_timeout() const { return stall_timeout_; }

    /// Waits up to `wait` for the socket, then sends and receives what goes without waiting.
    /// Throws Failure (connection) where the connection has broken.
    void pump(std::chrono::milliseconds wait);

    /// True while packets wait in libssh for the socket to take them.
    [[nodiscard]] bool has_unsent() const;

    /// Pumps until all was handed to the kernel. Throws as pump() does, and Failure (protocol)
    /// where the socket takes nothing for the stall time-out.
    void send_everything();

    [[nodiscard]] Failure broken() const;
    /// broken(), or that the other side refused `what` for a reason of its own.
    [[nodiscard]] Failure refused(const std::string& what) const;
    [[nodiscard]] Failure stalled() const;
    /// The other side says something now and then, and takes nothing.
    [[nodiscard]] Failure takes_nothing() const;

  private:
    struct SessionDeleter {
        void operator()(ssh_session session) const;
    };
    struct EventDeleter {
        void operator()(ssh_event event) const { ssh_event_free(event); }
    };

    [[nodiscard]] bool has_broken() const;
    void set_options(const Destination& destination);
    void connect(const Destination& destination);
    void log_in(const Destination& destination, const KeyHandle& key);
    void stop_blocking();

    std::string peer_;  ///< "HOST port PORT", for messages
    std::chrono::milliseconds stall_timeout_;
    ssh_counter_struct traffic_{};  ///< bytes through the socket since the login
    std::unique_ptr<std::remove_pointer_t<ssh_session>, SessionDeleter> session_;
    std::unique_ptr<std::remove_pointer_t<ssh_event>, EventDeleter> event_;
};

/// How long nothing has moved.
class StallClock {
  public:
    explicit StallClock(std::chrono::milliseconds limit)
        : limit_(std::min<std::chrono::milliseconds>(limit, longest)) {
        moved();
    }
    void moved() { deadline_ = std::chrono::steady_clock::now() + limit_; }
    [[nodiscard]] bool run_out() const { return left().count() <= 0; }
    [[nodiscard]] std::chrono::milliseconds left() const {
        return std::chrono::ceil<std::chrono::milliseconds>(deadline_ -
                                                            std::chrono::steady_clock::now());
    }

  private:
    static constexpr std::chrono::hours longest{24 * 365};  ///< no overflow when it is added
    std::chrono::milliseconds limit_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace snapferry::ssh
