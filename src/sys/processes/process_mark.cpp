#include "snapferry/sys/processes/process_mark.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

/// When it was started; zero where that cannot be read.
/// Source: proc(5), /proc/PID/stat: the 22nd field, the second in brackets with anything in it.
std::uint64_t start_of(std::int64_t process) {
    constexpr std::size_t largest = 4096;  // bytes
    constexpr int fields_before = 19;      // between the name and the time
    std::string text;
    try {
        text = read_small_file(fmt::format("/proc/{}/stat", process), largest).value_or("");
    } catch (const std::exception&) {
        return 0;
    }
    const auto name_ends = text.rfind(')');
    if (name_ends == std::string::npos) {
        return 0;
    }
    std::string_view rest = std::string_view(text).substr(name_ends + 1);
    for (int field = 0; field < fields_before; ++field) {
        const auto next = rest.find(' ', 1);
        if (next == std::string_view::npos) {
            return 0;
        }
        rest.remove_prefix(next);
    }
    std::uint64_t started = 0;
    rest.remove_prefix(1);
    (void)std::from_chars(rest.data(), rest.data() + rest.size(), started);
    return started;
}

}  // namespace

ProcessMark own_mark() {
    const std::int64_t process = ::getpid();
    const auto started = start_of(process);
    return started == 0 ? ProcessMark{} : ProcessMark{process, started};
}

bool is_alive(const ProcessMark& mark) {
    return mark.started != 0 && start_of(mark.id) == mark.started;
}

}  // namespace snapferry::sys
