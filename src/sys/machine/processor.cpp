#include "snapferry/sys/machine/processor.h"

#if defined(__aarch64__) || defined(__arm__)
#include <sys/auxv.h>
#endif

namespace snapferry::sys {

#if defined(__x86_64__) || defined(__i386__)

bool has_fast_aes() {
    return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("pclmul") != 0;
}

#elif defined(__aarch64__)

bool has_fast_aes() {
    constexpr unsigned long needed = 1UL << 3 | 1UL << 4;  // HWCAP_AES, HWCAP_PMULL; asm/hwcap.h
    return (::getauxval(AT_HWCAP) & needed) == needed;
}

#elif defined(__arm__)

bool has_fast_aes() {
    constexpr unsigned long needed = 1UL << 0 | 1UL << 1;  // HWCAP2_AES, HWCAP2_PMULL; asm/hwcap.h
    return (::getauxval(AT_HWCAP2) & needed) == needed;
}

#else

bool has_fast_aes() {
    return false;
}

#endif

}  // namespace snapferry::sys
