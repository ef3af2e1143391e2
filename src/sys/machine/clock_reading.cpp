#include "snapferry/sys/machine/clock_reading.h"

#include <charconv>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

constexpr auto boot_id_file = "/proc/sys/kernel/random/boot_id";  // random(4)
constexpr std::size_t max_small_file = 256;                       // bytes; both have fewer

std::string boot_id() {
    auto text = read_small_file(boot_id_file, max_small_file);
    if (!text) {
        throw Failure(ExitCode::internal, "the kernel tells no boot id; is /proc mounted?");
    }
    std::erase(*text, '\n');
    return std::move(*text);
}

/// CLOCK_BOOTTIME, from the kernel's own mouth: no library that was loaded before this program can
/// say anything else. "1234.56 ..." (proc(5)).
std::chrono::milliseconds since_boot() {
    const auto text = read_small_file("/proc/uptime", max_small_file).value_or("");
    std::int64_t seconds = 0;
    std::int64_t hundredths = 0;
    const auto* const end = text.data() + text.size();
    const auto [point, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc{} || point == end || *point != '.' ||
        std::from_chars(point + 1, end, hundredths).ec != std::errc{}) {
        throw Failure(ExitCode::internal, "the kernel tells no uptime; is /proc mounted?");
    }
    return std::chrono::seconds(seconds) + 10 * std::chrono::milliseconds(hundredths);
}

}  // namespace

ClockReading read_clocks() {
    return {boot_id(), since_boot(),
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace snapferry::sys
