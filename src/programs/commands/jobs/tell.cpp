#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/health.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/setup/telling.h"
#include "snapferry/send/telling/how_jobs_stand.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/alert/teller.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/logs/console_log.h"
#include "snapferry/sys/logs/journal_notes.h"
#include "snapferry/sys/processes/hook_command.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::commands {
namespace {

struct Options {
    bool only_sending = false;
    bool only_receiving = false;
    bool background = false;
    bool notes_only = false;
    bool quiet = false;
};

using alert::Kind;

/// A hook hears of all.
const std::set<Kind> all_kinds{Kind::failure, Kind::stale, Kind::alarm, Kind::health};

/// Started by a receive, it has no other place to say it than the journal.
class BackgroundLog final : public Log {
  public:
    void write(Severity severity, std::string_view line) override {
        console_.write(severity, line);
        if (severity >= Severity::warning) {
            journal_.write(severity, line);
        }
    }

  private:
    sys::ConsoleLog console_{sys::Verbosity::quiet};
    sys::JournalNotes journal_{"snapferry", ""};
};

/// One thing that stands somehow, and the program that hears of it.
struct Told {
    alert::Standing standing;
    std::string line{};
    std::vector<std::string> hook{};
    std::vector<std::string> environment{};
    std::chrono::seconds timeout{30};
    bool is_note = false;  ///< of AlertNotes
    bool is_well = true;   ///< as status and check have it
    bool is_line = false;  ///< nothing but a line of the monthly word
};

std::string why_of(const sys::TimedEnd& end) {
    const auto how = end.status ? end.status->text() : std::string("killed, as it took too long");
    return end.said.empty() ? how : fmt::format("{}: {}", how, escape_text(end.said));
}

/// What a hook is told besides what every hook is told.
std::vector<std::string> with_message(std::vector<std::string> environment,
                                      const alert::Message& message) {
    std::erase_if(environment,
                  [](const std::string& one) { return one.starts_with("SNAPFERRY_EVENT="); });
    environment.push_back("SNAPFERRY_EVENT=" + message.event);
    environment.push_back("SNAPFERRY_SUBJECT=" + message.subject);
    environment.push_back("SNAPFERRY_MESSAGE=" + message.body);
    return environment;
}

/// False where it failed.
bool call_hook(const Told& told, const alert::Message& message, Log& log) {
    constexpr std::size_t most_said = 1000;  // bytes
    try {
        sys::require_root_only(told.hook.front());
        const auto end =
            sys::run_within(sys::hook_command(told.hook, with_message(told.environment, message)),
                            told.timeout, most_said);
        if (end.status && end.status->is_success()) {
            return true;
        }
        log.warning("the hook on_alert, {}, failed: {}", escape_text(told.hook.front()),
                    why_of(end));
    } catch (const Failure& failure) {
        log.warning("the hook on_alert, {}, failed: {}", escape_text(told.hook.front()),
                    failure.what());
    }
    return false;
}

/// False where it failed: it is called again by the next look. Others may take so long that this is
/// ended before them: so it is remembered at once what was told.
bool tell_by_hook(sys::Teller& teller, const Told& told, WallTime now, Log& log) {
    if (told.hook.empty()) {
        return true;
    }
    const auto due = teller.due("hook", told.standing, all_kinds, now);
    if (!due) {
        return true;
    }
    if (!call_hook(told, due->message, log)) {
        return false;
    }
    teller.told(*due);
    teller.save(now);
    return true;
}

/// What is told of one side of this machine, and how.
struct Side {
    std::filesystem::path directory;
    std::optional<alert::MailSettings> mail;
    bool tells = false;  ///< by mail or hook
    /// How all stands now, and what was told before and is over.
    std::function<std::vector<Told>(const sys::Teller&)> look;
};

void tell_monthly(sys::Teller& teller, const Side& side, const std::vector<Told>& all,
                  WallTime now) {
    if (!side.mail->when.contains(Kind::monthly) || !teller.owes_monthly_word(now)) {
        return;
    }
    std::vector<std::string> lines;
    std::size_t wrong = 0;
    for (const auto& told : all) {
        if (!told.line.empty()) {
            lines.push_back(told.line);
            const auto& standing = told.standing;
            const bool is_known = standing.is_known || told.is_line;
            wrong += standing.kinds.empty() && is_known && told.is_well ? 0 : 1;
        }
    }
    teller.tell_monthly(alert::monthly_message(lines, wrong, sys::machine_name()), now);
}

/// What was noted to be over, and is told by now, is not noted any more.
void forget_what_is_over(const sys::Teller& teller, const Side& side,
                         const std::vector<Told>& all) {
    const sys::AlertNotes notes(side.directory);
    for (const auto& told : all) {
        if (told.is_note && told.standing.kinds.empty() && !teller.owes_end_of(told.standing)) {
            notes.forget_over(told.standing.key);
        }
    }
}

std::vector<alert::Standing> standings_of(const std::vector<Told>& all) {
    std::vector<alert::Standing> standings;
    standings.reserve(all.size());
    for (const auto& told : all) {
        standings.push_back(told.standing);
    }
    return standings;
}

/// It is looked only once no other is at it: who was first must not tell of what is over by now.
void tell_of(const Side& side, const Options& options, Log& log) {
    if (!side.tells) {
        return;
    }
    auto turn = sys::take_turn(side.directory, options.background);
    if (!turn) {
        return;
    }
    sys::Teller teller(side.directory, std::move(*turn), sys::machine_name(), log);
    const auto at = now();
    const auto all = side.look(teller);
    bool all_is_told = true;
    if (side.mail) {
        teller.tell_by_mail(standings_of(all), side.mail->when, at);
    }
    for (const auto& told : all) {
        all_is_told = tell_by_hook(teller, told, at, log) && all_is_told;
    }
    if (side.mail && !options.notes_only) {
        tell_monthly(teller, side, all, at);
    }
    teller.save(at);
    if (all_is_told) {
        forget_what_is_over(teller, side, all);
    }
    if (side.mail) {
        teller.send_what_waits(*side.mail, options.background, at);
    }
}

std::vector<Told> how_sending_stands(const Shared& shared, const send::SendConfig& config) {
    std::vector<Told> all;
    for (auto& one : send::how_jobs_stand(config, shared.state_dir, now())) {
        auto environment = hook_environment("", one.report, one.age);
        all.push_back({std::move(one.standing), std::move(one.line), one.hooks.on_alert,
                       std::move(environment), one.hooks.timeout, one.is_note, one.is_well});
    }
    return all;
}

Side sending_side(const Shared& shared, const Options& /*options*/) {
    auto config = send::load_config(shared.config);
    Side side{
        sys::alerts_directory(shared.state_dir, "send"), config.mail, send::tells_once(config), {}};
    side.look = [&shared, config = std::move(config)](const sys::Teller&) {
        return how_sending_stands(shared, config);
    };
    return side;
}

/// The alarms are told by themselves, as they are noted when they are raised.
std::vector<Told> health_of(const receive::Config& config, const sys::Teller& teller) {
    auto findings = receive::look_at_health(config, HealthLimits{});
    std::erase_if(findings,
                  [](const AboutFinding& one) { return one.finding.text.starts_with("ALARM: "); });
    Told line{{"the line of the disk"}, "the backup disk: "};
    line.standing.is_known = false;  // it is for the monthly word
    for (const auto& [about, one, is_of_machine] : findings) {
        if (one.state != CheckState::ok) {
            line.line += (line.is_well ? "" : "; ") + safe_line(one.text);
            line.is_well = false;
        }
    }
    line.line += line.is_well ? "well" : "";
    line.is_line = true;
    std::vector<Told> all{std::move(line)};
    for (auto& standing : alert::standings_of(findings, teller.remembered(alert::health_keys))) {
        all.push_back({std::move(standing)});
    }
    return all;
}

std::vector<Told> how_receiving_stands(const std::filesystem::path& directory,
                                       const receive::Config& config, const sys::Teller& teller,
                                       bool notes_only) {
    std::vector<Told> all;
    for (auto& standing : sys::AlertNotes(directory).all()) {
        auto line = standing.kinds.empty() ? std::string{} : standing.still;
        Told told{std::move(standing), std::move(line)};
        told.is_note = true;
        all.push_back(std::move(told));
    }
    if (!notes_only) {
        for (auto& told : health_of(config, teller)) {
            all.push_back(std::move(told));
        }
    }
    for (auto& told : all) {
        told.hook = config.on_alert;
        told.timeout = config.hook_timeout;
    }
    return all;
}

Side receiving_side(const Shared& shared, const Options& options) {
    auto config = receive::load_config(receive::config_path);
    Side side{sys::alerts_directory(shared.state_dir, "receive"),
              config.mail,
              receive::tells_once(config),
              {}};
    side.look = [directory = side.directory, config = std::move(config),
                 &options](const sys::Teller& teller) {
        return how_receiving_stands(directory, config, teller, options.notes_only);
    };
    return side;
}

/// Each side where it is configured. What goes wrong with one does not keep the other.
ExitCode tell(const Shared& shared, const Options& options) {
    sys::require_root("what was told before is root's");
    sys::ConsoleLog console(options.quiet ? sys::Verbosity::quiet : sys::Verbosity::normal);
    BackgroundLog background;
    Log& log = options.background ? static_cast<Log&>(background) : console;
    std::optional<Failure> first;
    const auto attempt = [&](const std::function<Side(const Shared&, const Options&)>& look) {
        try {
            tell_of(look(shared, options), options, log);
        } catch (const Failure& failure) {
            if (first) {
                log.error("{}", failure_text(failure));
                return;
            }
            first = failure;
            if (options.background) {
                sys::JournalNotes("snapferry", "").write(Severity::warning, failure_text(failure));
            }
        }
    };
    const bool sends = options.only_sending || sys::is_there(shared.config);
    const bool receives = options.only_receiving || sys::is_there(receive::config_path);
    if (sends && !options.only_receiving) {
        attempt(sending_side);
    }
    if (receives && !options.only_sending) {
        attempt(receiving_side);
    }
    if (first) {
        throw Failure(*first);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_tell(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "tell", "tell by mail and hooks, once and once a day, what is wrong, and send what waits");
    auto* const sending =
        command->add_flag("--sending", options->only_sending, "only what this machine sends");
    command
        ->add_flag("--receiving", options->only_receiving, "only the backup disk of this machine")
        ->excludes(sending);
    command->add_flag("--background", options->background,
                      "as the programs call it: try again only when its time has come");
    command->add_flag("--notes-only", options->notes_only,
                      "do not look at the backup disk, but tell of what was noted");
    command->add_flag("--quiet", options->quiet, "say nothing but warnings and errors");
    return {command, [&shared, options] { return tell(shared, *options); }};
}

}  // namespace snapferry::commands
