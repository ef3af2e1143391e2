#include "snapferry/core/alert/joined.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "snapferry/core/text/escape.h"

namespace snapferry::alert {
namespace {

/// What a body begins with.
std::string headline_of(const Message& message) {
    return message.body.substr(0, message.body.find('\n'));
}

bool is_trouble(const Message& message) {
    return message.event != "recovered" && message.event != "monthly";
}

}  // namespace

Message joined(std::span<const Message> messages, const std::string& machine) {
    if (messages.empty()) {
        throw std::logic_error("nothing to join");
    }
    if (messages.size() == 1) {
        return messages.front();
    }
    auto first = std::find_if(messages.begin(), messages.end(), is_trouble);
    if (first == messages.end()) {
        first = messages.begin();
    }
    Message all;
    all.event = first->event;
    all.subject = fmt::format("[snapferry] {}: {}, and {} more", escape_text(machine),
                              headline_of(*first), messages.size() - 1);
    for (const auto& message : messages) {
        all.body += fmt::format("* {}\n", headline_of(message));
    }
    for (const auto& message : messages) {
        all.body += fmt::format("\n{}\n{}", std::string(72, '-'), message.body);
    }
    return all;
}

}  // namespace snapferry::alert
