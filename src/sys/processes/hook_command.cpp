#include "snapferry/sys/processes/hook_command.h"

#include <utility>

namespace snapferry::sys {

Command hook_command(const std::vector<std::string>& words, std::vector<std::string> environment) {
    Command command;
    command.program = words.front();
    command.arguments.assign(words.begin() + 1, words.end());
    command.environment = std::move(environment);
    return command;
}

}  // namespace snapferry::sys
