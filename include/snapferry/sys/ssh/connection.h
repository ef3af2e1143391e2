#pragma once

#include <libssh/libssh.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/life_question.h"
#include "snapferry/sys/ssh/keys/key.h"
#include "snapferry/sys/ssh/lent_socket.h"

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

    /// Called every few seconds while somebody waits here: a wait that has its end is no hang.
    void set_sign_of_life(std::function<void()> sign) { sign_of_life_ = std::move(sign); }

    /// Waits up to `wait`, and a few seconds at most, for the socket, then sends and receives what
    /// goes without waiting. An other side that has said nothing for a while is asked whether it is
    /// there. Throws Failure (connection) where the connection has broken, and Failure (protocol)
    /// where no answer came for the stall time-out: a line may die without a word to either side.
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
    void require_life();
    void ask_for_life();

    std::string peer_;  ///< "HOST port PORT", for messages
    std::chrono::milliseconds stall_timeout_;
    ssh_counter_struct traffic_{};  ///< bytes through the socket since the login
    std::function<void()> sign_of_life_;
    wire::LifeQuestion question_;
    std::optional<LentSocket> socket_;  ///< libssh's; goes after the session
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
