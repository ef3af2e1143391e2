#include "snapferry/sys/alert/teller.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "snapferry/core/alert/joined.h"
#include "snapferry/core/alert/mail_form.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/period.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/alert/smtp.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::sys {
namespace {

using alert::Saying;

constexpr std::chrono::minutes patience{5};        // a mail takes two at most
constexpr std::chrono::seconds time_to_go_on{60};  // with other mails, after one that failed
constexpr unsigned tries_together = 3;             // a server may refuse one thing for its words
constexpr std::size_t largest = 4 * 1024 * 1024;   // bytes of the memory

std::filesystem::path memory_of(const std::filesystem::path& directory) {
    return directory / "told.json";
}

/// Where it is kept while its disk does not take it: else it would all be told again at each look.
std::filesystem::path substitute_of(const std::filesystem::path& directory) {
    return std::filesystem::path("/run/snapferry") /
           fmt::format("told-{}.json", directory.filename().native());
}

/// What cannot be read is told once more.
alert::TroubleBook read_book(const std::filesystem::path& directory, Log& log) {
    try {
        const auto substitute = substitute_of(directory);
        const auto text =
            read_own_file(is_there(substitute) ? substitute : memory_of(directory), largest);
        return text ? alert::parse_trouble_book(*text) : alert::TroubleBook{};
    } catch (const Failure& failure) {
        log.warning("what was told before is not known, and is told again: {}", failure.what());
        return {};
    }
}

bool is_told(const alert::Standing& standing, const std::set<alert::Kind>& when) {
    return std::any_of(standing.kinds.begin(), standing.kinds.end(),
                       [&](alert::Kind kind) { return when.contains(kind); });
}

std::int64_t month_of(WallTime now) {
    return period_key(Period::month,
                      {std::chrono::floor<std::chrono::seconds>(now), local_offset(now)});
}

/// Of the mail. What was refused together with other things goes as another mail.
std::string id_of(std::span<const Outbox::Waiting> waiting) {
    const auto& first = waiting.front().id;
    return waiting.size() == 1 ? first
                               : fmt::format("{}.{}.{}", first, waiting.back().id, waiting.size());
}

}  // namespace

std::optional<FileLock> take_turn(const std::filesystem::path& directory, bool gives_way) {
    make_alerts_directory(directory);
    const auto next = FileLock::acquire(directory / "next", std::chrono::milliseconds{0});
    if (!next && gives_way) {
        return std::nullopt;
    }
    if (auto turn = FileLock::acquire(directory / "lock", patience)) {
        return turn;
    }
    throw Failure(ExitCode::busy, "another snapferry tell is at work, and comes to no end",
                  "see what hook or mail server it waits for");
}

std::string machine_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 && name.front() != '\0'
               ? std::string(name.data())
               : std::string("localhost");
}

Teller::Teller(std::filesystem::path directory, FileLock turn, std::string machine, Log& log)
    : directory_(std::move(directory)),
      machine_(std::move(machine)),
      log_(log),
      lock_(std::move(turn)),
      outbox_(directory_ / "outbox"),
      book_(read_book(directory_, log)) {}

std::optional<Teller::Due> Teller::due(const std::string& way, const alert::Standing& standing,
                                       const std::set<alert::Kind>& when, WallTime now,
                                       bool goes_along) {
    const auto key = way + " " + standing.key;
    const auto found = book_.troubles.find(key);
    const auto before = found == book_.troubles.end() ? std::nullopt : std::optional(found->second);
    const bool is_there = is_told(standing, when);
    if (!is_there && !standing.is_known) {
        return std::nullopt;
    }
    const auto decision = alert::what_to_tell(before, is_there, now, goes_along);
    if (decision.say == Saying::nothing) {
        if (decision.memory) {
            book_.troubles.insert_or_assign(key, *decision.memory);
        } else {
            book_.troubles.erase(key);
        }
        return std::nullopt;
    }
    return Due{key, decision.say, *decision.memory,
               alert::message_of(standing, decision.say, *decision.memory, machine_, now,
                                 local_time_text)};
}

void Teller::told(const Due& due) {
    book_.troubles.insert_or_assign(due.key, due.memory);
}

bool Teller::put_what_is_due(const std::vector<alert::Standing>& standings,
                             const std::set<alert::Kind>& when, WallTime now, bool goes_along) {
    bool is_any = false;
    for (const auto& standing : standings) {
        if (const auto due = this->due("mail", standing, when, now, goes_along)) {
            outbox_.put(due->key, due->message, now);
            told(*due);
            is_any = true;
        }
    }
    return is_any;
}

void Teller::tell_by_mail(const std::vector<alert::Standing>& standings,
                          const std::set<alert::Kind>& when, WallTime now) {
    if (put_what_is_due(standings, when, now, false)) {
        (void)put_what_is_due(standings, when, now, true);
    }
}

bool Teller::owes_end_of(const alert::Standing& standing) const {
    constexpr std::array ways{"mail ", "hook "};
    return std::any_of(ways.begin(), ways.end(), [&](const char* way) {
        const auto found = book_.troubles.find(way + standing.key);
        return found != book_.troubles.end() && !found->second.told_over;
    });
}

std::set<std::string> Teller::remembered(std::string_view beginning) const {
    std::set<std::string> keys;
    for (const auto& [of_way, memory] : book_.troubles) {
        const auto key = of_way.substr(std::min(of_way.find(' '), of_way.size() - 1) + 1);
        if (key.starts_with(beginning)) {
            keys.insert(key);
        }
    }
    return keys;
}

bool Teller::owes_monthly_word(WallTime now) const {
    return alert::is_monthly_word_due(book_.month, month_of(now));
}

void Teller::tell_monthly(const alert::Message& message, WallTime now) {
    outbox_.put("monthly", message, now);
    book_.month = month_of(now);
}

void Teller::save(WallTime now) const {
    const auto text = alert::text_of(book_, now);
    const auto substitute = substitute_of(directory_);
    try {
        replace_file(memory_of(directory_), text);
    } catch (const Failure&) {
        make_private_directory(substitute.parent_path());
        replace_file(substitute, text);
        throw;
    }
    (void)::unlink(substitute.c_str());  // most often there is none
}

void Teller::send(const alert::MailSettings& settings,
                  std::span<const Outbox::Waiting> waiting) const {
    std::vector<alert::Message> messages;
    messages.reserve(waiting.size());
    for (const auto& one : waiting) {
        messages.push_back(one.message);
    }
    const auto mail = alert::joined(messages, machine_);
    send_mail(settings, alert::mail_text({settings.from, settings.to, machine_, id_of(waiting),
                                          waiting.front().since},
                                         mail));
    for (const auto& one : waiting) {
        outbox_.remove(one);
    }
    log_.info("sent: {}", escape_text(mail.subject));
}

std::optional<Failure> Teller::send_in_parts(const alert::MailSettings& settings,
                                             std::span<const Outbox::Waiting> waiting,
                                             std::size_t at_a_time) const {
    std::optional<Failure> last;
    const auto until = std::chrono::steady_clock::now() + time_to_go_on;
    while (!waiting.empty()) {
        const auto part = waiting.first(std::min(at_a_time, waiting.size()));
        waiting = waiting.subspan(part.size());
        try {
            send(settings, part);
        } catch (const Failure& failure) {
            last = failure;
            if (std::chrono::steady_clock::now() >= until) {
                break;
            }
        }
    }
    return last;
}

void Teller::send_what_waits(const alert::MailSettings& settings, bool only_when_due,
                             WallTime now) {
    const auto waiting = outbox_.waiting();
    const auto trouble = outbox_.trouble();
    if (waiting.empty()) {
        outbox_.note_no_trouble();
        return;
    }
    if (only_when_due && !is_due(trouble, now)) {
        return;
    }
    const bool goes_together = !trouble || trouble->tries < tries_together;
    const auto failure = send_in_parts(settings, waiting, goes_together ? waiting.size() : 1);
    if (failure) {
        outbox_.note_trouble(failure_text(*failure), now);
        throw Failure(failure->code(),
                      fmt::format("{} (the mail waits, and is tried again)", failure->what()),
                      failure->hint());
    }
    outbox_.note_no_trouble();
}

}  // namespace snapferry::sys
