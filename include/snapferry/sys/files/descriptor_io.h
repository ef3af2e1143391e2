#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/exit_code.h"

namespace snapferry::sys {

/// Waits until `fd` can be read (or has ended); false where it cannot within `patience`.
bool wait_readable(int fd, std::chrono::milliseconds patience);

/// The one that can be read (or has ended), the first where both can; nothing where none can within
/// `patience`. A negative one never can.
std::optional<int> first_readable(int first, int second, std::chrono::milliseconds patience);

/// The same for room to write (or a reader that is gone).
bool wait_writable(int fd, std::chrono::milliseconds patience);

/// The time as poll(2) takes it; what is longer than it can say is cut to 24 days.
int poll_timeout(std::chrono::milliseconds patience);

void stop_blocking(int fd);

/// What is there to read, up to `into.size()` bytes; 0 at the end. Waits for the first byte. Throws
/// Failure (`code`) naming `what`.
std::size_t read_some(int fd, std::span<std::byte> into, ExitCode code, const std::string& what);

/// Writes all of it. Throws Failure (`code`) naming `what`.
void write_all(int fd, std::span<const std::byte> bytes, ExitCode code, const std::string& what);

/// The same to somebody who may not read: all of it before the deadline, or a Failure. Leaves the
/// descriptor's flags alone, which other programs may share; where it is a pipe, nobody else may
/// write to it meanwhile.
void write_before(std::chrono::steady_clock::time_point deadline, int fd,
                  std::span<const std::byte> bytes, ExitCode code, const std::string& what);

/// What is left until then; never less than nothing.
std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point deadline);

}  // namespace snapferry::sys
