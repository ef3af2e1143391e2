#include "attribute_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "attribute_values.h"
#include "command_rules.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"
#include "snapferry/core/text/escape.h"
#include "value_check.h"

namespace snapferry::stream {
namespace {

constexpr std::size_t shown_of_a_path = 256;  // bytes

[[noreturn]] void refuse(const Command& command, AttributeType type, std::string_view why) {
    const auto path = command.find(AttributeType::path);
    throw Refused(fmt::format("{} of '{}': the attribute {} {}", name_of(command.type()),
                              path ? escape_text(as_text(*path), shown_of_a_path) : "",
                              name_of(type), why));
}

void check_value(const Command& command, const Attribute& attribute, const CommandRule& rule) {
    const auto rules = rule.attributes();
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const AttributeRule& each) {
        return each.type == attribute.type;
    });
    if (found == rules.end())
        refuse(command, attribute.type, "does not belong there");
    if (const auto fault = value_fault(found->kind, attribute.value); !fault.empty())
        refuse(command, attribute.type, fault);
}

}  // namespace

void check_attributes(const Command& command) {
    const auto& rule = rule_of(command.type());
    for (const auto& attribute : command.attributes())
        check_value(command, attribute, rule);
    for (const auto& each : rule.attributes())
        if (each.required && !command.find(each.type))
            refuse(command, each.type, "is missing");
}

}  // namespace snapferry::stream
