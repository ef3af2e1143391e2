#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/processes/process.h"

namespace snapferry::login {

/// On standard error, as a line: what the other side, ssh or sudo there says to the person.
void show_line(std::string_view line);

/// What is said with a `snapferry answer` at the other machine: bytes both ways, and what it tells
/// the person, which is shown here as it comes, escaped. Made by PersonLogin. Where this goes
/// before finish(), the login ends, and the other side with it.
class Conversation {
  public:
    Conversation(sys::Process ssh, sys::UniqueFd to, sys::UniqueFd from, sys::UniqueFd told,
                 std::string host);
    ~Conversation();
    Conversation(Conversation&&) = delete;
    Conversation& operator=(Conversation&&) = delete;
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    /// What is written here is its standard input, what is read here its standard output.
    [[nodiscard]] int to() const { return to_.get(); }
    [[nodiscard]] int from() const { return from_.get(); }

    /// Its standard error, before show_what_is_told().
    [[nodiscard]] int told() const { return told_.get(); }

    /// The other side reads the end of its input.
    void say_no_more() { to_.close(); }

    /// From here on, all that comes on its standard error is shown on ours, a line at a time.
    void show_what_is_told();

    /// Reads no more, waits for its end, and returns what it ended with. Throws Failure
    /// (connection) where the connection broke before.
    ExitCode finish();

    /// Waits for the end, whatever that is.
    sys::ExitStatus wait() { return ssh_.wait(); }

    [[nodiscard]] const std::string& host() const { return host_; }

  private:
    sys::ExitStatus end_of_ssh();

    sys::Process ssh_;
    sys::UniqueFd to_;
    sys::UniqueFd from_;
    sys::UniqueFd told_;
    std::string host_;
    std::jthread teller_;
};

/// After a failure with the other side, which was to give `what`. Where it ended by itself, what it
/// ended with says more than that it did.
[[noreturn]] void throw_what_happened(const Failure& failure, Conversation& conversation,
                                      std::string_view what);

}  // namespace snapferry::login
