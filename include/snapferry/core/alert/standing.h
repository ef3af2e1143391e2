#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "snapferry/core/alert/trouble.h"
#include "snapferry/core/check/check.h"
#include "snapferry/core/status/job_facts.h"

/// How things stand that a person may have to hear of, and in which words.
namespace snapferry::alert {

/// What may be told, as `when` of [mail] has it.
enum class Kind {
    failure,  ///< a run or a rotation failed, or what was sent may be an empty directory
    stale,    ///< the newest backup is too old, or there is none
    alarm,    ///< something unusual has arrived
    health,   ///< what `snapferry check` calls critical at the backup disk
    monthly,  ///< once a month, how all stands
};

/// "failure".
std::string_view name_of(Kind kind);

/// How one thing stands.
struct Standing {
    std::string key;         ///< the same as long as it is this thing
    std::set<Kind> kinds{};  ///< what is wrong with it; empty where nothing is
    bool is_known = true;    ///< or else it is not known to be well: nothing is told over
    std::string begun{};     ///< "home: the backup failed: ..."; as all words, one line
    std::string still{};     ///< "home: the backup still fails: ..."
    std::string over{};      ///< "home: backed up again"
    std::vector<std::pair<std::string, std::string>> facts{};  ///< label and words, for the body
};

/// What a mail or a hook says; nothing in it is a control character but the ends of lines.
struct Message {
    std::string event;    ///< "failure", "stale", "alarm", "health", "recovered", "monthly", "test"
    std::string subject;  ///< one line
    std::string body;     ///< lines, each with its end
};

/// A time as a person reads it.
using TimeText = std::function<std::string(WallTime)>;

/// What is said of it. `memory`: what the decision was taken by and from, for since when.
Message message_of(const Standing& standing, Saying say, const TroubleMemory& memory,
                   const std::string& machine, WallTime now, const TimeText& time_text);

/// A run that a signal ended says nothing.
Standing standing_of(const JobFacts& job, WallTime now, const TimeText& time_text);

/// Of a backup disk, by what a receive found: what is critical counts.
Standing standing_of(const std::vector<Finding>& findings);

/// With this begins the key of each of standings_of().
inline constexpr std::string_view health_keys = "health";

/// Of a backup disk, by what a check found: each thing that is critical for itself, so that a
/// second one is told when it comes and each end when it is there. It is known by what it is of and
/// by its words up to the first number. `remembered`: the keys of those that were told before: one
/// that is not there any more is over, but where nobody could look.
std::vector<Standing> standings_of(const std::vector<AboutFinding>& findings,
                                   const std::set<std::string>& remembered);

/// The monthly word. `lines`: one for each job or finding; `wrong`: how many need somebody.
Message monthly_message(const std::vector<std::string>& lines, std::size_t wrong,
                        const std::string& machine);

/// A line of the monthly word.
std::string line_of(const JobFacts& job, WallTime now);

}  // namespace snapferry::alert
