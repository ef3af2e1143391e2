#include "snapferry/core/setup/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "json_fields.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

constexpr std::array states{Step::State::done, Step::State::to_do, Step::State::blocked,
                            Step::State::left};

Step::State state_named(std::string_view name) {
    for (const auto state : states) {
        if (name_of(state) == name) {
            return state;
        }
    }
    refuse_message("a step has no state that is known");
}

/// Behind the state, in a column of its own.
std::string step_text(const Step& step) {
    auto text = fmt::format("  {:<8} {}{}\n", name_of(step.state), step.what,
                            step.where.empty() ? "" : fmt::format(" ({})", step.where));
    for (const auto& line : step.shown) {
        text += fmt::format("             {}\n", line);
    }
    if (!step.why.empty()) {
        text += fmt::format("           {}{}{}\n", step.why, step.advice.empty() ? "" : "; ",
                            step.advice);
    }
    return text;
}

Json step_json(const Step& step) {
    return {{"name", step.name},
            {"what", step.what},
            {"where", step.where},
            {"shown", step.shown},
            {"state", name_of(step.state)},
            {"why", step.why},
            {"advice", step.advice}};
}

Step step_from(const Json& json) {
    if (!json.is_object()) {
        refuse_message("a step is none");
    }
    return {text_in(json, "name"),
            text_in(json, "what"),
            text_in(json, "where"),
            texts_in(json, "shown"),
            state_named(text_in(json, "state")),
            text_in(json, "why"),
            text_in(json, "advice")};
}

}  // namespace

std::string_view name_of(Step::State state) {
    switch (state) {
        case Step::State::done:
            return "is so";
        case Step::State::to_do:
            return "to do";
        case Step::State::blocked:
            return "blocked";
        case Step::State::left:
            return "left";
    }
    return "";
}

bool has(const Plan& plan, Step::State state) {
    return std::ranges::any_of(plan.steps, [&](const Step& step) { return step.state == state; });
}

std::string plan_text(const Plan& plan) {
    std::string text;
    for (const auto& step : plan.steps) {
        text += step_text(step);
    }
    for (const auto& note : plan.notes) {
        text += fmt::format("  {}\n", note);
    }
    return text;
}

std::string to_json(const Plan& plan) {
    auto steps = Json::array();
    for (const auto& step : plan.steps) {
        steps.push_back(step_json(step));
    }
    return line_of({{"version", message_version}, {"steps", steps}, {"notes", plan.notes}});
}

Plan plan_from_json(std::string_view line) {
    const auto json = parse_message(line);
    const auto& steps = list_in(json, "steps");
    Plan plan;
    plan.steps.reserve(steps.size());
    for (const auto& step : steps) {
        plan.steps.push_back(step_from(step));
    }
    plan.notes = texts_in(json, "notes");
    return plan;
}

}  // namespace snapferry::setup
