#include "snapferry/login/conversation.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <span>

#include "snapferry/core/asking/no_answer.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/line_splitter.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/signals/held_signals.h"

namespace snapferry::login {
namespace {

void show_all_of(int told) {
    std::array<std::byte, 4096> bytes{};
    LineSplitter lines([](const std::string& line) { show_line(line); });
    try {
        for (std::size_t count = 1; count > 0;) {
            count = sys::read_some(told, bytes, ExitCode::connection, "what ssh says");
            lines.push(std::span(bytes).first(count));
        }
    } catch (const Failure&) {
        // Its end says the same.
    }
    lines.finish();
}

}  // namespace

void show_line(std::string_view line) {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    const auto text = safe_line(line) + "\n";
    try {
        sys::write_all(STDERR_FILENO, std::as_bytes(std::span(text)), ExitCode::internal,
                       "on stderr");
    } catch (const Failure&) {
        // There is nobody to tell.
    }
}

Conversation::Conversation(sys::Process ssh, sys::UniqueFd to, sys::UniqueFd from,
                           sys::UniqueFd told, std::string host)
    : ssh_(std::move(ssh)),
      to_(std::move(to)),
      from_(std::move(from)),
      told_(std::move(told)),
      host_(std::move(host)) {}

Conversation::~Conversation() {
    ssh_.kill();  // so that the teller comes to an end
}

void Conversation::show_what_is_told() {
    const sys::HeldSignals not_for_this_thread;  // they are meant for the one that works
    teller_ = std::jthread([told = told_.get()] { show_all_of(told); });
}

/// One that does not end by itself is ended.
sys::ExitStatus Conversation::end_of_ssh() {
    constexpr std::chrono::seconds patience{30};
    if (const auto end = ssh_.wait_for(patience)) {
        return *end;
    }
    ssh_.kill();
    return ssh_.wait();
}

ExitCode Conversation::finish() {
    to_.close();
    from_.close();  // or one that still says something would wait for ever for somebody to read it
    const auto end = end_of_ssh();
    if (teller_.joinable()) {
        teller_.join();
    }
    if (end.signalled || end.status == asking::status_of_ssh_itself) {
        throw PassingFailure(
            ExitCode::connection,
            fmt::format("the connection to {} broke ({})", escape_text(host_), end.text()),
            "try again");
    }
    return static_cast<ExitCode>(end.status);
}

void throw_what_happened(const Failure& failure, Conversation& conversation,
                         std::string_view what) {
    auto there = ExitCode::done;
    if (failure.code() == ExitCode::connection) {
        try {
            there = conversation.finish();
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): what broke is known already
        }
    }
    if (there != ExitCode::done && there != ExitCode::connection) {
        throw Failure(there, fmt::format("{} does not give {}, as it said",
                                         escape_text(conversation.host()), what));
    }
    throw Failure(failure);
}

}  // namespace snapferry::login
