#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// The words between whoever gives a whole backup back and whoever takes it, a line each:
/// docs/protocol.md. Between them the wire's own conversation takes place.
namespace snapferry::restore {

inline constexpr std::string_view wants_stream = "stream";
inline constexpr std::string_view wants_manifest = "manifest";
inline constexpr std::string_view wants_nothing_more = "enough";

/// Reads a line, and not a byte more. Throws Failure: connection where the other side has ended,
/// protocol where it says too much, or nothing within `patience`.
std::string read_line(int input, std::size_t longest, std::chrono::seconds patience);

void write_line(int output, std::string_view line);

}  // namespace snapferry::restore
