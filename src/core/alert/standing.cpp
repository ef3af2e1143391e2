#include "snapferry/core/alert/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/exit_code.h"
#include "snapferry/core/status/job_judgement.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::alert {
namespace {

using std::chrono::seconds;

/// Nobody is told earlier that nothing has come of a job: a run a day, an hour late.
constexpr std::chrono::hours patience{26};

constexpr std::array<std::string_view, 5> names{"failure", "stale", "alarm", "health", "monthly"};

std::string lasting(WallTime since, WallTime now) {
    return duration_text(std::max(std::chrono::floor<seconds>(now - since), seconds{0}));
}

/// How the newest backup of a job stands.
struct Newest {
    std::optional<seconds> age{};  ///< nothing where none is known
    Freshness freshness = Freshness::unknown;
    bool is_nothing = false;
    std::string words = "unknown";
};

Newest newest_of(const JobFacts& job, WallTime now) {
    Newest newest;
    newest.age = age_of_newest(job, now);
    newest.freshness = freshness_of(newest.age, job.allowed);
    newest.is_nothing = has_nothing_there(job);
    if (newest.is_nothing) {
        newest.words = "none: the receiver has nothing that was sent from here";
    }
    if (newest.age) {
        const auto age = tellable_age(newest.age);
        newest.words = fmt::format("{}, {}", escape_text(job.history->newest.snapshot()->name),
                                   age ? duration_text(*age) + " old" : "which is from the future");
    }
    return newest;
}

bool is_stale(const Newest& newest) {
    return is_alarming(newest.freshness) || newest.is_nothing;
}

std::string stale_words(const Newest& newest) {
    if (newest.is_nothing) {
        return "there is no backup";
    }
    if (!newest.age) {
        return "no backup is known";
    }
    const auto age = tellable_age(newest.age);
    return age ? fmt::format("the newest backup is {} old", duration_text(*age))
               : "the newest backup is from the future: are the clocks right?";
}

/// A run that a signal ended tells of no trouble.
bool has_failed(ExitCode outcome) {
    return outcome != ExitCode::done && outcome != ExitCode::interrupted;
}

/// That no backup ever came of it; not while one may be on its way for the first time. Runs that
/// are ended by a signal again and again bring none either.
bool has_none_yet(const Newest& newest, const JobHistory& history, WallTime now) {
    const bool is_long_ago = history.failing_since && now - *history.failing_since >= patience;
    return newest.freshness == Freshness::unknown && !newest.is_nothing &&
           (has_failed(history.last_run.outcome) || is_long_ago);
}

void put_into_words(Standing& standing, const JobFacts& facts, const Newest& newest) {
    const auto& history = *facts.history;
    const auto job = escape_text(facts.job);
    const bool fails = has_failed(history.last_run.outcome);
    const bool is_old = standing.kinds.contains(Kind::stale);
    const auto age = is_old ? ", and " + stale_words(newest) : std::string{};
    const auto why = meaning_of(history.last_run.outcome);
    standing.begun = fails ? fmt::format("{}: the backup failed: {}{}", job, why, age)
                           : fmt::format("{}: {}", job, stale_words(newest));
    standing.still = fails ? fmt::format("{}: the backup still fails: {}{}", job, why, age)
                           : fmt::format("{}: still, {}", job, stale_words(newest));
    if (!fails && history.small_full_send) {
        standing.begun = fmt::format("{}: may have sent an empty directory{}", job, age);
        standing.still = fmt::format("{}: still, may have sent an empty directory{}", job, age);
    }
    standing.over = fmt::format("{}: backed up again", job);
}

void add_facts(Standing& standing, const JobFacts& job, const Newest& newest,
               const TimeText& time_text) {
    const auto& history = *job.history;
    const auto& run = history.last_run;
    const auto add = [&](std::string label, std::string words) {
        standing.facts.emplace_back(std::move(label), std::move(words));
    };
    if (run.outcome != ExitCode::done) {
        add("Error", safe_line(run.error.empty() ? meaning_of(run.outcome) : run.error));
    }
    if (const auto& small = history.small_full_send) {
        add("Suspicious", text_of(*small));
    }
    add("Newest backup", newest.words);
    if (standing.kinds.contains(Kind::stale)) {
        add("Too old after", text_of(job.allowed));
    }
    add("Last run", fmt::format("{}, {} ({})", time_text(run.started), exit_code_name(run.outcome),
                                static_cast<int>(run.outcome)));
    if (history.last_success) {
        add("Last good run", time_text(history.last_success->started));
    }
    add("Receiver", fmt::format("{}, tag {}", escape_text(job.identity.host),
                                escape_text(job.identity.dest_tag)));
    if (!standing.kinds.empty()) {
        add("Look", fmt::format("snapferry status; snapferry history '{}'; "
                                "snapshot-send --job '{}' --dry-run",
                                escape_text(job.job), escape_text(job.job)));
    }
}

/// A first run lasts as long as it lasts, and who has just written the configuration knows.
bool should_have_run(const JobFacts& job, WallTime now) {
    return job.configured_since && now - *job.configured_since >= patience && !job.under_way &&
           job.paused.empty();
}

void tell_that_it_never_ran(Standing& standing, const JobFacts& job) {
    const auto name = escape_text(job.job);
    standing.kinds.insert(Kind::stale);
    standing.begun = fmt::format("{}: has never run, so nothing is backed up by it", name);
    standing.still = fmt::format("{}: has still never run", name);
    standing.over = fmt::format("{}: has run", name);
    standing.facts = {{"Look", fmt::format("whether anything starts it: the daemon (systemctl "
                                           "status snapferry-send), a timer or cron; and "
                                           "snapshot-send --job '{}' --dry-run",
                                           name)}};
}

constexpr std::string_view between = ": ";

/// "health music: there is no backup"; what it is of is a tag, or nothing.
std::string key_of(const AboutFinding& one) {
    constexpr std::size_t longest = 200;  // bytes
    auto words = safe_line(one.finding.text);
    words.resize(std::min({words.find_first_of("0123456789"), words.size(), longest}));
    return fmt::format("{} {}{}{}", health_keys, one.about, between, words);
}

std::string about_of(std::string_view key) {
    key.remove_prefix(std::min(health_keys.size() + 1, key.size()));
    return std::string(key.substr(0, std::min(key.find(between), key.size())));
}

/// Something was found of it, and nothing kept anybody from looking. Of a disk that is away nothing
/// is found but that; of one that is there, always something that is no trouble.
bool was_looked_at(const std::string& about, const std::vector<AboutFinding>& findings) {
    bool is_found = false;
    for (const auto& one : findings) {
        if (one.about != about || one.is_of_machine) {
            continue;
        }
        const auto state = one.finding.state;
        if (state == CheckState::unknown) {
            return false;
        }
        is_found = is_found || !about.empty() || state != CheckState::critical;
    }
    return is_found;
}

Standing critical_standing(std::string key, const std::string& words) {
    Standing standing{std::move(key)};
    standing.kinds.insert(Kind::health);
    standing.begun = words;
    standing.still = "still: " + words;
    standing.facts = {{"Critical", words}, {"Look", "snapferry check, on this machine"}};
    return standing;
}

Standing past_standing(const std::string& key, bool is_known) {
    Standing standing{key};
    standing.is_known = is_known;
    const auto about = about_of(key);
    const auto words = key.find(between) == std::string::npos
                           ? std::string{}
                           : key.substr(key.find(between) + between.size());
    const auto of = about.empty() ? std::string("the backup disk") : about;
    standing.over =
        words.empty() ? of + " is well again" : fmt::format("{}: it is over: {}", of, words);
    return standing;
}

std::string table_of(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::string text;
    for (const auto& [label, words] : facts) {
        text += fmt::format("{:<15}{}\n", label + ":", words);
    }
    return text;
}

std::string first_line(const Standing& standing, Saying say) {
    return say == Saying::over    ? standing.over
           : say == Saying::still ? standing.still
                                  : standing.begun;
}

}  // namespace

std::string_view name_of(Kind kind) {
    return names.at(static_cast<std::size_t>(kind));
}

Message message_of(const Standing& standing, Saying say, const TroubleMemory& memory,
                   const std::string& machine, WallTime now, const TimeText& time_text) {
    const auto headline = first_line(standing, say);
    const bool is_over = say == Saying::over;
    Message message;
    message.event = is_over || standing.kinds.empty()
                        ? "recovered"
                        : std::string(name_of(*standing.kinds.begin()));
    message.subject = fmt::format("[snapferry] {}: {}", escape_text(machine), headline);
    message.body = headline + "\n\n";
    auto facts = standing.facts;
    if (is_over) {
        facts.insert(facts.begin(), {"It lasted", lasting(memory.since, now)});
    } else if (say == Saying::still) {
        facts.insert(facts.begin(), {"Since", fmt::format("{}, for {}", time_text(memory.since),
                                                          lasting(memory.since, now))});
    }
    message.body += table_of(facts);
    message.body +=
        is_over ? "" : "\nThis is told again once a day while it lasts, and when it is over.\n";
    return message;
}

Standing standing_of(const JobFacts& job, WallTime now, const TimeText& time_text) {
    Standing standing{"job " + job.job};  // the same when it goes elsewhere since it was told
    const auto& history = job.history;
    if (!history) {
        standing.is_known = false;
        if (should_have_run(job, now)) {
            tell_that_it_never_ran(standing, job);
        }
        return standing;
    }
    const auto outcome = history->last_run.outcome;
    const auto newest = newest_of(job, now);
    if (has_failed(outcome) || history->small_full_send) {
        standing.kinds.insert(Kind::failure);
    }
    if (is_stale(newest) || has_none_yet(newest, *history, now)) {
        standing.kinds.insert(Kind::stale);
    }
    standing.is_known = outcome != ExitCode::interrupted;
    put_into_words(standing, job, newest);
    add_facts(standing, job, newest, time_text);
    return standing;
}

Standing standing_of(const std::vector<Finding>& findings) {
    Standing standing{"health"};
    std::vector<std::string> critical;
    for (const auto& finding : findings) {
        if (finding.state == CheckState::critical) {
            critical.push_back(safe_line(finding.text));
        }
        standing.is_known = standing.is_known && finding.state != CheckState::unknown;
    }
    standing.over = "the backup disk is well again";
    if (critical.empty()) {
        return standing;
    }
    standing.kinds.insert(Kind::health);
    const auto others =
        critical.size() > 1 ? fmt::format(" (and {} more)", critical.size() - 1) : std::string{};
    standing.begun = critical.front() + others;
    standing.still = "still: " + standing.begun;
    for (auto& words : critical) {
        standing.facts.emplace_back("Critical", std::move(words));
    }
    standing.facts.emplace_back("Look", "snapferry check, on this machine");
    return standing;
}

std::vector<Standing> standings_of(const std::vector<AboutFinding>& findings,
                                   const std::set<std::string>& remembered) {
    std::vector<Standing> all;
    std::set<std::string> there;
    for (const auto& one : findings) {
        if (one.finding.state != CheckState::critical) {
            continue;
        }
        auto key = key_of(one);
        if (there.insert(key).second) {
            all.push_back(critical_standing(std::move(key), safe_line(one.finding.text)));
        }
    }
    for (const auto& key : remembered) {
        if (!there.contains(key)) {
            all.push_back(past_standing(key, was_looked_at(about_of(key), findings)));
        }
    }
    return all;
}

Message monthly_message(const std::vector<std::string>& lines, std::size_t wrong,
                        const std::string& machine) {
    const auto verdict = lines.empty() ? std::string("no job is configured: nothing is backed up")
                         : wrong == 0  ? std::string("all is well")
                                      : fmt::format("{} of {} needs somebody", wrong, lines.size());
    Message message{"monthly", fmt::format("[snapferry] {}: {}", escape_text(machine), verdict),
                    verdict + "\n\n"};
    for (const auto& line : lines) {
        message.body += line + "\n";
    }
    message.body +=
        "\nThis comes once a month. Where it does not, see to it that mail still leaves: "
        "snapferry test-alert\n";
    return message;
}

std::string line_of(const JobFacts& job, WallTime now) {
    const auto name = escape_text(job.job);
    if (!job.history) {
        return fmt::format("{}: has never run", name);
    }
    const auto& run = job.history->last_run;
    const auto outcome =
        run.outcome == ExitCode::done
            ? std::string{}
            : fmt::format("; the last run: {}",
                          safe_line(run.error.empty() ? meaning_of(run.outcome) : run.error));
    return fmt::format("{}: newest backup {}{}", name, newest_of(job, now).words, outcome);
}

}  // namespace snapferry::alert
