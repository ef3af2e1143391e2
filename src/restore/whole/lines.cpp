#include "snapferry/restore/whole/lines.h"

#include <fmt/format.h>

#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::restore {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes write_patience{10};

}  // namespace

std::string read_line(int input, std::size_t longest, std::chrono::seconds patience) {
    const auto deadline = steady_clock::now() + patience;
    std::string line;
    for (std::byte byte{}; line.size() <= longest; line += static_cast<char>(byte)) {
        if (!sys::wait_readable(input, sys::left_until(deadline))) {
            throw Failure(ExitCode::protocol,
                          fmt::format("the other side has said nothing, or too little, for {} s",
                                      patience.count()));
        }
        if (sys::read_some(input, std::span(&byte, 1), ExitCode::connection,
                           "from the other side") == 0) {
            throw Failure(ExitCode::connection, "the other side has ended");
        }
        if (byte == std::byte{'\n'}) {
            return line;
        }
    }
    throw Failure(ExitCode::protocol, "the other side says more than there can be to say");
}

void write_line(int output, std::string_view line) {
    const auto text = fmt::format("{}\n", line);
    sys::write_before(steady_clock::now() + write_patience, output, std::as_bytes(std::span(text)),
                      ExitCode::connection, "to the other side");
}

}  // namespace snapferry::restore
