#pragma once

#include <string>
#include <string_view>

namespace snapferry {

/// The status that a shell gives a program that was ended by a signal: 128 and its number. `name`
/// is what SSH calls it (RFC 4254, 6.10), "TERM"; 128 for one that has no name there.
int status_of_signal(std::string_view name);

/// Whether the status tells of a program that was at fault, or too large for its machine: no reboot
/// and no lost line ends it so.
bool is_crash(int status);

/// "SIGKILL", or "a signal", for such a status.
std::string signal_text(int status);

}  // namespace snapferry
