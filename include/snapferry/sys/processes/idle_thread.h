#pragma once

namespace snapferry::sys {

/// From now on this thread, and no other, gives way to all that others want to do: of the
/// processor, and of disks whose scheduler knows classes of I/O. Never throws: what the kernel does
/// not grant is no reason not to work.
void become_idle();

}  // namespace snapferry::sys
