#include "snapferry/setup/pair/remote_receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>
#include <variant>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::setup {
namespace {

using What = SetupQuestion::What;
using std::chrono::steady_clock;

constexpr std::size_t most_steps = 256;  // that are heard of, of one plan

std::vector<std::string> escaped(std::vector<std::string> texts) {
    for (auto& text : texts) {
        text = safe_line(text);
    }
    return texts;
}

Step escaped(Step step) {
    return {safe_line(step.name),           safe_line(step.what), safe_line(step.where),
            escaped(std::move(step.shown)), step.state,           safe_line(step.why),
            safe_line(step.advice)};
}

/// What was escaped there as it should be is not changed by it, and so goes back as it came.
Plan checked(Plan plan) {
    for (auto& step : plan.steps) {
        step = escaped(std::move(step));
    }
    plan.notes = escaped(std::move(plan.notes));
    return plan;
}

}  // namespace

RemoteReceiver::RemoteReceiver(login::PersonLogin& person)
    : conversation_(person.ask({setup_request, {}})) {}

RemoteReceiver::~RemoteReceiver() = default;

void RemoteReceiver::ask(const SetupQuestion& question) {
    const auto line = line_of(question) + "\n";
    sys::write_all(conversation_->to(), std::as_bytes(std::span(line)), ExitCode::connection,
                   "to " + escape_text(conversation_->host()));
}

SetupAnswer RemoteReceiver::answer() {
    constexpr std::size_t piece = 4096;  // bytes
    for (auto end = heard_.find('\n'); end == std::string::npos; end = heard_.find('\n')) {
        if (heard_.size() > longest_talk) {
            throw Failure(ExitCode::protocol, fmt::format("{} says more than it was asked",
                                                          escape_text(conversation_->host())));
        }
        std::array<std::byte, piece> bytes{};
        const auto count = sys::read_some(conversation_->from(), bytes, ExitCode::connection,
                                          "what the other machine says");
        if (count == 0) {
            login::throw_what_happened(
                PassingFailure(
                    ExitCode::connection,
                    fmt::format("the connection to {} broke", escape_text(conversation_->host())),
                    "run it again: it goes on where it was"),
                *conversation_, "an answer");
        }
        std::transform(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count),
                       std::back_inserter(heard_),
                       [](std::byte byte) { return static_cast<char>(byte); });
    }
    const auto end = heard_.find('\n');
    auto answer = parse_answer(std::string_view(heard_).substr(0, end));
    heard_.erase(0, end + 1);
    if (const auto* const failure = std::get_if<Failure>(&answer)) {
        throw Failure(failure->code(),
                      fmt::format("{}: {}", escape_text(conversation_->host()), failure->what()),
                      failure->hint());
    }
    return answer;
}

template <typename Wanted>
Wanted RemoteReceiver::expect(std::string_view what) {
    auto said = answer();
    if (auto* const wanted = std::get_if<Wanted>(&said)) {
        return std::move(*wanted);
    }
    throw Failure(ExitCode::protocol,
                  fmt::format("{} did not say {}", escape_text(conversation_->host()), what),
                  "install the same version of snapferry at both ends");
}

void RemoteReceiver::hear_steps(const TellStep& tell) {
    for (std::size_t count = 0; count < most_steps; ++count) {
        auto said = answer();
        if (std::holds_alternative<SetupDone>(said)) {
            return;
        }
        const auto* const step = std::get_if<Step>(&said);
        if (step == nullptr) {
            break;
        }
        tell(escaped(*step));
    }
    throw Failure(ExitCode::protocol, fmt::format("{} did not say what it has done",
                                                  escape_text(conversation_->host())));
}

Plan RemoteReceiver::look(const ReceiverWishes& wishes) {
    ask({What::look, wishes, {}, 0});
    return checked(expect<Plan>("what it would change"));
}

void RemoteReceiver::carry_out(const ReceiverWishes& wishes, const Plan& agreed,
                               const TellStep& tell) {
    ask({What::carry_out, wishes, agreed, 0});
    hear_steps(tell);
}

std::vector<Finding> RemoteReceiver::check(const ReceiverWishes& wishes) {
    ask({What::check, wishes, {}, 0});
    auto findings = expect<std::vector<Finding>>("what it has found");
    for (auto& finding : findings) {
        finding.text = safe_line(finding.text);
    }
    return findings;
}

ReceiverFacts RemoteReceiver::facts(const ReceiverWishes& wishes) {
    ask({What::tell, wishes, {}, 0});
    return expect<ReceiverFacts>("what the sender has to know");
}

Plan RemoteReceiver::look_back(const ReceiverWishes& wishes) {
    ask({What::look_back, wishes, {}, 0});
    return checked(expect<Plan>("what it would take back"));
}

void RemoteReceiver::take_back(const ReceiverWishes& wishes, const Plan& agreed,
                               const TellStep& tell) {
    ask({What::take_back, wishes, agreed, 0});
    hear_steps(tell);
}

/// Each time four times as much, until that takes long enough to tell.
std::uint64_t RemoteReceiver::measure_line() {
    constexpr std::uint64_t first = std::uint64_t{256} << 10;  // bytes
    constexpr std::chrono::duration<double> long_enough{0.5};
    const std::vector<std::byte> nothing(std::size_t{64} << 10);
    for (auto size = first;; size *= 4) {
        const auto began = steady_clock::now();
        ask({What::swallow, {}, {}, size});
        for (auto left = size; left > 0;) {
            const auto count = std::min<std::uint64_t>(left, nothing.size());
            sys::write_all(conversation_->to(),
                           std::span(nothing).first(static_cast<std::size_t>(count)),
                           ExitCode::connection, "to " + escape_text(conversation_->host()));
            left -= count;
        }
        (void)expect<SetupDone>("that it has read what was sent");
        const std::chrono::duration<double> took = steady_clock::now() - began;
        if (took > long_enough || size * 4 > most_swallowed) {
            return static_cast<std::uint64_t>(static_cast<double>(size) /
                                              std::max(took.count(), 1e-6));
        }
    }
}

void RemoteReceiver::say_goodbye() {
    (void)conversation_->finish();
}

}  // namespace snapferry::setup
