#include "restore_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/machine/screen.h"
#include "snapferry/sys/signals/ending_signals.h"

namespace snapferry::commands {
namespace {

constexpr std::size_t most_shown = 20;  // lines of one kind that a person looks at

std::string shown(const std::string& path) {
    return path.empty() ? "." : escape_text(path);
}

void say(const std::string& text) {
    (void)std::fputs(text.c_str(), stderr);
}

}  // namespace

RestoreDisplay::RestoreDisplay(const std::string& tag, bool all)
    : all_(all), signals_(sys::take_over_ending_signals()) {
    state_.job = tag;
}

RestoreDisplay::~RestoreDisplay() {
    wipe();
}

void RestoreDisplay::begins(const std::string& phase, std::uint64_t bytes) {
    state_.phase = phase;
    state_.is_sending = bytes > 0;
    state_.sent = 0;
    state_.estimate = bytes;
    rate_ = {};
    drawn_ = {};
    draw();
}

void RestoreDisplay::went_on(std::uint64_t bytes) {
    state_.sent += bytes;
    draw();
}

void RestoreDisplay::left_alone(const std::string& path,
                                const std::vector<manifest::Aspect>& differs) {
    tell(left_, fmt::format("{}: left alone: what is there differs in {}", shown(path),
                            manifest::text_of(differs)));
}

void RestoreDisplay::failed(const std::string& path, const std::string& why) {
    tell(failed_, path.empty() ? why : fmt::format("{}: {}", shown(path), why));
}

void RestoreDisplay::differs(const manifest::Difference& difference) {
    tell(differ_, fmt::format("{}: is not as it should be: {}", shown(difference.path),
                              manifest::text_of(difference.aspects)));
}

void RestoreDisplay::stop_if_asked() {
    if (sys::wait_readable(signals_.get(), std::chrono::milliseconds(0))) {
        throw Failure(ExitCode::interrupted, "stopped: not all is restored",
                      "what is there is whole; the same command goes on from there");
    }
}

void RestoreDisplay::end() {
    wipe();
    for (const auto* const told : {&left_, &failed_, &differ_}) {
        if (!all_ && told->count > most_shown) {
            say(fmt::format("and {} more {}; --verbose names them\n", told->count - most_shown,
                            told->what));
        }
    }
}

void RestoreDisplay::tell(Told& told, const std::string& line) {
    if (++told.count <= most_shown || all_) {
        wipe();
        say(line + "\n");
    }
}

void RestoreDisplay::draw() {
    constexpr std::chrono::milliseconds between{250};
    const auto screen = sys::look_at_screen(STDOUT_FILENO);
    const auto now = std::chrono::steady_clock::now();
    if (!screen.width || (is_drawn_ && now - drawn_ < between)) {
        return;
    }
    rate_.note(state_.sent, now);
    state_.rate = rate_.rate();
    drawn_ = now;
    is_drawn_ = true;
    (void)std::fputs(("\r\033[K" + progress_line(state_, *screen.width - 1)).c_str(), stdout);
    (void)std::fflush(stdout);
}

void RestoreDisplay::wipe() {
    if (std::exchange(is_drawn_, false)) {
        (void)std::fputs("\r\033[K", stdout);
        (void)std::fflush(stdout);
    }
}

}  // namespace snapferry::commands
