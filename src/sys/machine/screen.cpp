#include "snapferry/sys/machine/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace snapferry::sys {
namespace {

bool has_text(const char* name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

bool is_dumb() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
    const char* const kind = std::getenv("TERM");
    return kind != nullptr && std::string_view(kind) == "dumb";
}

}  // namespace

Screen look_at_screen(int descriptor) {
    constexpr std::size_t usual_width = 80;  // of a terminal that does not say
    if (::isatty(descriptor) == 0) {
        return {};
    }
    winsize size{};
    const bool says = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return {says ? size.ws_col : usual_width, !has_text("NO_COLOR") && !is_dumb()};
}

}  // namespace snapferry::sys
