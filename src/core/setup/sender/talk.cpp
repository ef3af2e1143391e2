#include "snapferry/core/setup/sender/talk.h"

#include <array>
#include <utility>

#include "../json_fields.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

using What = SetupQuestion::What;

constexpr std::array<std::pair<What, std::string_view>, 7> questions{
    {{What::look, "look"},
     {What::carry_out, "do"},
     {What::check, "check"},
     {What::tell, "tell"},
     {What::look_back, "look-back"},
     {What::take_back, "take-back"},
     {What::swallow, "swallow"}}};

/// A message of a kind that has a form of its own.
template <typename Message>
Json nested(const Message& message) {
    return Json::parse(to_json(message));
}

std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) {
        refuse_message("a part is missing");
    }
    return line_of(*found);
}

/// As parse_message(), for a line that holds such messages.
Json parse_line(std::string_view line) {
    if (line.size() > longest_talk) {
        refuse_message("it is too long");
    }
    auto json = parse_flat(line);
    if (!json.is_object()) {
        refuse_message("it is no message");
    }
    return json;
}

std::int64_t number_in(const Json& object, const char* name, std::int64_t least,
                       std::int64_t most) {
    const auto found = object.find(name);
    const auto number = found != object.end() && found->is_number_integer()
                            ? found->get<std::int64_t>()
                            : least - 1;
    if (number < least || number > most) {
        refuse_message("a number is missing, or none that can be");
    }
    return number;
}

What question_named(std::string_view name) {
    for (const auto& [what, its_name] : questions) {
        if (name == its_name) {
            return what;
        }
    }
    refuse_message("the question is not known");
}

std::string_view name_of(What what) {
    for (const auto& [one, name] : questions) {
        if (one == what) {
            return name;
        }
    }
    return "";
}

bool goes_by_a_plan(What what) {
    return what == What::carry_out || what == What::take_back;
}

Json findings_json(const std::vector<Finding>& findings) {
    auto list = Json::array();
    for (const auto& finding : findings) {
        list.push_back({{"state", static_cast<int>(finding.state)}, {"text", finding.text}});
    }
    return list;
}

std::vector<Finding> findings_from(const Json& json) {
    const auto& list = list_in(json, "findings");
    std::vector<Finding> findings;
    findings.reserve(list.size());
    for (const auto& one : list) {
        if (!one.is_object()) {
            refuse_message("a finding is none");
        }
        findings.push_back(
            {static_cast<CheckState>(number_in(one, "state", 0, 3)), text_in(one, "text")});
    }
    return findings;
}

Failure failure_from(const Json& json) {
    constexpr std::int64_t highest = 99;
    const auto code = number_in(json, "code", 1, highest);
    return {static_cast<ExitCode>(code), escape_text(text_in(json, "message")),
            escape_text(text_in(json, "hint"))};
}

/// A plan of one step is how a step travels: it has a version then.
Step step_from(const Json& json) {
    auto plan = plan_from_json(text_of(json, "step"));
    if (plan.steps.size() != 1) {
        refuse_message("a step is none");
    }
    return std::move(plan.steps.front());
}

struct AsJson {
    Json operator()(const Plan& plan) const { return {{"say", "plan"}, {"plan", nested(plan)}}; }
    Json operator()(const Step& step) const {
        return {{"say", "step"}, {"step", nested(Plan{{step}, {}})}};
    }
    Json operator()(const std::vector<Finding>& findings) const {
        return {{"say", "findings"}, {"findings", findings_json(findings)}};
    }
    Json operator()(const ReceiverFacts& facts) const {
        return {{"say", "facts"}, {"facts", nested(facts)}};
    }
    Json operator()(const SetupDone& /*done*/) const { return {{"say", "done"}}; }
    Json operator()(const Failure& failure) const {
        return {{"say", "failed"},
                {"code", static_cast<int>(failure.code())},
                {"message", failure.what()},
                {"hint", failure.hint()}};
    }
};

}  // namespace

std::string line_of(const SetupQuestion& question) {
    Json json{{"ask", name_of(question.what)}};
    if (question.wishes) {
        json["wishes"] = nested(*question.wishes);
    }
    if (question.agreed) {
        json["agreed"] = nested(*question.agreed);
    }
    if (question.what == What::swallow) {
        json["bytes"] = question.bytes;
    }
    return line_of(json);
}

std::string line_of(const SetupAnswer& answer) {
    return line_of(std::visit(AsJson{}, answer));
}

SetupQuestion parse_question(std::string_view line) {
    const auto json = parse_line(line);
    SetupQuestion question;
    question.what = question_named(text_in(json, "ask"));
    if (question.what == What::swallow) {
        question.bytes = static_cast<std::uint64_t>(
            number_in(json, "bytes", 1, static_cast<std::int64_t>(most_swallowed)));
        return question;
    }
    question.wishes = receiver_wishes_from_json(text_of(json, "wishes"));
    if (goes_by_a_plan(question.what)) {
        question.agreed = plan_from_json(text_of(json, "agreed"));
    }
    return question;
}

SetupAnswer parse_answer(std::string_view line) {
    const auto json = parse_line(line);
    const auto said = text_in(json, "say");
    if (said == "plan") {
        return plan_from_json(text_of(json, "plan"));
    }
    if (said == "step") {
        return step_from(json);
    }
    if (said == "findings") {
        return findings_from(json);
    }
    if (said == "facts") {
        return receiver_facts_from_json(text_of(json, "facts"));
    }
    if (said == "done") {
        return SetupDone{};
    }
    if (said == "failed") {
        return failure_from(json);
    }
    refuse_message("the answer is not known");
}

}  // namespace snapferry::setup
