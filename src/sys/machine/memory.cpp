#include "snapferry/sys/machine/memory.h"

#include <malloc.h>

namespace snapferry::sys {

void share_memory_between_threads() {
    constexpr int arenas = 2;
    (void)::mallopt(M_ARENA_MAX, arenas);
}

void give_back_memory() {
    (void)::malloc_trim(0);
}

}  // namespace snapferry::sys
