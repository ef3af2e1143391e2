#include "snapferry/sys/machine/random_bytes.h"

#include <sys/random.h>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

void fill_at_random(std::span<std::byte> bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw system_failure(ExitCode::internal, "get random bytes");
    }
}

}  // namespace snapferry::sys
