#include "snapferry/sys/processes/same_program.h"

#include <unistd.h>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

void run_same_program(const std::string& name, std::vector<std::string> words) {
    words.insert(words.begin(), name);
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    ::execv("/proc/self/exe", pointers.data());
    throw system_failure(ExitCode::internal, "start " + name + " anew");
}

}  // namespace snapferry::sys
