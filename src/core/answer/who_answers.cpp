#include "snapferry/core/answer/who_answers.h"

#include <fmt/format.h>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/wire/frame.h"
#include "text_lines.h"

namespace snapferry {
namespace {

using Kind = NoReceiver::Kind;

constexpr std::string_view demand_raw =
    "if a classic receiver runs there, say so: protocol = \"raw\" in send.toml, or --protocol raw";

std::string in_words(const std::string& line) {
    return line.empty() ? "" : ": " + line;
}

NoReceiver no_receiver(Kind kind, ExitCode code, std::string message, std::string hint = {}) {
    return {kind, code, std::move(message), std::move(hint)};
}

NoReceiver lost(const LastWords& words) {
    const auto line = last_line(words);
    return no_receiver(
        Kind::lost, ExitCode::connection,
        line.empty() ? "the connection to the receiver broke" : "the receiver was ended: " + line);
}

/// `evidence`: btrfs receive's own words.
WhoAnswers classic(const LastWords& words, const std::string& evidence, const Asked& asked) {
    if (asked.raw_demanded) {
        return SpeaksRaw{evidence};
    }
    if (!words.status) {
        return lost(words);
    }
    if (*words.status == 0) {
        return no_receiver(
            Kind::takes_anything, ExitCode::protocol,
            fmt::format("the receiver said \"{}\" and ended with exit status 0: it does not tell "
                        "when receiving fails",
                        evidence),
            "let the script at the receiver end with btrfs receive's own exit status (in bash: set "
            "-e -o pipefail)");
    }
    if (asked.has_spoken == HasSpoken::yes) {
        return no_receiver(
            Kind::once_snapferry, ExitCode::protocol,
            fmt::format("the receiver has spoken snapferry's protocol before, and now answers as a "
                        "classic one ({})",
                        evidence),
            "find out what was changed there; if the classic script was put back on purpose, say "
            "so: protocol = \"raw\" in send.toml, or --protocol raw");
    }
    if (asked.has_spoken == HasSpoken::not_known) {
        return no_receiver(
            Kind::once_snapferry, ExitCode::protocol,
            fmt::format(
                "the receiver answers as a classic one ({}), and whether it has ever spoken "
                "snapferry's protocol cannot be told: /var/lib/snapferry/receivers cannot be "
                "used",
                evidence),
            "mend that directory; if a classic receiver runs there, say so: protocol = \"raw\" in "
            "send.toml, or --protocol raw");
    }
    return SpeaksRaw{evidence};
}

/// An honest receiver fails where it is sent something that is no stream, and so tells that its
/// success means something.
NoReceiver takes_anything(const LastWords& words) {
    return no_receiver(
        Kind::takes_anything, ExitCode::protocol,
        fmt::format("what answers at the receiver is none: it was greeted, and ended with exit "
                    "status 0 as if that were a backup{}",
                    in_words(last_line(words))),
        fmt::format("see what the shell of {} and the command= in ~{}/.ssh/authorized_keys at the "
                    "receiver start",
                    words.user, words.user));
}

NoReceiver silent(const LastWords& words) {
    const auto line = last_line(words);
    return no_receiver(Kind::silent, ExitCode::protocol,
                       line.empty() ? "the receiver says nothing, and does not end"
                                    : "the receiver does not greet, and does not end: " + line,
                       line.empty() ? "check that the receiver is alive and its disk answers"
                                    : std::string(demand_raw));
}

NoReceiver unknown(const LastWords& words) {
    return no_receiver(Kind::unknown, ExitCode::protocol,
                       fmt::format("what answers at the receiver is not known: it ended with exit "
                                   "status {}{}",
                                   *words.status, in_words(last_line(words))),
                       std::string(demand_raw));
}

WhoAnswers greeted(const LastWords& words, std::size_t at, const Asked& asked) {
    // It was not let say anything after its greeting: a receiver does not call that a success, but
    // what sends back all that it is sent does.
    if (asked.raw_demanded && words.status == 0) {
        return takes_anything(words);
    }
    return SpeaksSnapferry{std::string(words.out.substr(0, at))};
}

NoReceiver drowned_in_noise(const LastWords& words) {
    return no_receiver(
        Kind::unknown, ExitCode::protocol,
        fmt::format("the receiver printed {} and no greeting among it: {}",
                    byte_text(words.out.size()), last_line({words.out, "", {}})),
        fmt::format("see what the shell of {} and the command= in ~{}/.ssh/authorized_keys at the "
                    "receiver start",
                    words.user, words.user));
}

}  // namespace

std::optional<std::size_t> find_greeting(std::string_view out) {
    const auto at = out.substr(0, greeting_bound).find(wire::greeting);
    return at == std::string_view::npos ? std::nullopt : std::optional(at);
}

WhoAnswers who_answers(const LastWords& words, bool ended, const Asked& asked) {
    if (const auto at = find_greeting(words.out)) {
        return greeted(words, *at, asked);
    }
    if (const auto evidence = refused_as_no_stream(words)) {
        return classic(words, *evidence, asked);
    }
    if (auto refusal = known_refusal(words)) {
        return *refusal;
    }
    if (words.out.size() >= greeting_bound) {
        return drowned_in_noise(words);
    }
    if (!words.status) {
        return ended ? lost(words) : silent(words);
    }
    if (*words.status == 0) {
        return takes_anything(words);
    }
    if (asked.raw_demanded) {
        return SpeaksRaw{fmt::format("as demanded; it refused a greeting with exit status {}{}",
                                     *words.status, in_words(last_line(words)))};
    }
    return unknown(words);
}

std::string noise_warning(std::string_view noise, std::string_view user) {
    return fmt::format(
        "the receiver's login printed {} before the receiver's first word (\"{}\"), which was "
        "skipped; silence it: at the receiver, let nothing in ~{}/.bashrc, ~{}/.zshenv, "
        "~{}/.ssh/rc "
        "or /etc/ssh/sshrc print where no person is at the terminal (in .bashrc: first of all "
        "[[ $- == *i* ]] || return)",
        byte_text(noise.size()), last_line({noise, "", {}}), user, user, user);
}

}  // namespace snapferry
