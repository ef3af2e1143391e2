#include "snapferry/sys/machine/terminal.h"

#include <fcntl.h>

#include <array>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t longest = 4096;  // bytes; of what is typed, as the kernel has it

UniqueFd open_terminal() {
    return UniqueFd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
}

std::string without_blanks(const std::string& text) {
    constexpr auto blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    return begin == std::string::npos
               ? std::string{}
               : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace

bool has_terminal() {
    return static_cast<bool>(open_terminal());
}

std::string ask_on_terminal(const std::string& question, const std::string& otherwise) {
    const auto terminal = open_terminal();
    if (!terminal) {
        throw Failure(ExitCode::configuration,
                      "something is to be asked, and there is no terminal to ask on", otherwise);
    }
    write_all(terminal.get(), std::as_bytes(std::span(question)), ExitCode::internal,
              "to the terminal");
    std::string line(longest, '\0');
    line.resize(read_some(terminal.get(), std::as_writable_bytes(std::span(line)),
                          ExitCode::internal, "what is typed"));
    return without_blanks(line);
}

bool ask_whether(const std::string& question, const std::string& otherwise) {
    const auto answer = ask_on_terminal(question + " [y/N] ", otherwise);
    return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace snapferry::sys
