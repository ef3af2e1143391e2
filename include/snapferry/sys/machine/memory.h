#pragma once

namespace snapferry::sys {

/// Lets threads share what memory was freed, instead of each keeping its own. For a program that
/// starts a thread for every piece of work.
void share_memory_between_threads();

/// Gives back to the system what was freed.
void give_back_memory();

}  // namespace snapferry::sys
