#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What setting a machine up would change on it, or has: shown before anything is done, and the
/// same at the machine itself and at another one that asks for it.
namespace snapferry::setup {

/// One thing that must be so. In every plan for one machine the steps have the same names, in the
/// order in which they are done.
struct Step {
    enum class State {
        to_do,    ///< it will be made so
        done,     ///< it is so
        blocked,  ///< it cannot be made so before somebody does something: `why` and `advice`
        left,     ///< it is not so and was not asked for: `why`, and in `advice` how to have it
    };
    std::string name;   ///< "sudo_rule"; for programs
    std::string what;   ///< "let backups start the receiver of home as root, and nothing else"
    std::string where;  ///< a file, a unit, a device; may be empty
    std::vector<std::string> shown;  ///< the very lines that come ("+ ...") or go ("- ..."), or
                                     ///< commands ("$ ..."); empty where it is done
    State state = State::to_do;
    std::string why;
    std::string advice;

    bool operator==(const Step&) const = default;
};

/// All texts are escaped already, but those that came over JSON are to be escaped again when shown.
struct Plan {
    std::vector<Step> steps;
    std::vector<std::string> notes;  ///< sentences about what stays as it is

    bool operator==(const Plan&) const = default;
};

std::string_view name_of(Step::State state);

bool has(const Plan& plan, Step::State state);

/// For a person: a line for each step, with its state before it, and what it shows below.
std::string plan_text(const Plan& plan);

/// One line of JSON, without the line feed.
std::string to_json(const Plan& plan);

/// Throws Failure (protocol) where the line is no plan, or is larger than one may be: the other
/// machine may be anybody's.
Plan plan_from_json(std::string_view line);

}  // namespace snapferry::setup
