#include "snapferry/send/telling/progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds redraw_interval{250};
constexpr std::chrono::seconds look_interval{1};
constexpr std::chrono::minutes before_first_line{1};
constexpr std::chrono::minutes between_lines{10};

// ECMA-48, 8.3: what every terminal since the VT100 knows.
constexpr std::string_view erase_to_end_of_line = "\x1b[K";
constexpr std::string_view erase_below = "\r\x1b[J";

std::size_t terminal_width() {
    constexpr std::size_t usual = 80;
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

void print(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stdout);
    (void)std::fflush(stdout);
}

std::string phase_text(JobProgress::Phase phase) {
    switch (phase) {
        case JobProgress::Phase::connecting:
            return "connecting";
        case JobProgress::Phase::comparing:
            return "comparing with what the receiver has";
        case JobProgress::Phase::sending:
            return "sending";
        case JobProgress::Phase::finishing:
            return "the receiver writes it to its disk";
        case JobProgress::Phase::resuming:
            return "finding where it stopped";
    }
    return {};
}

}  // namespace

ProgressDisplay::Style ProgressDisplay::fitting() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment
    const char* const terminal = std::getenv("TERM");
    const bool knows_how =
        terminal != nullptr && *terminal != '\0' && std::string_view(terminal) != "dumb";
    return ::isatty(STDOUT_FILENO) != 0 && knows_how ? Style::terminal : Style::log;
}

ProgressDisplay::ProgressDisplay(Log& log, Style style)
    : log_(log), style_(style), thread_([this](const std::stop_token& stop) { work(stop); }) {}

ProgressDisplay::~ProgressDisplay() {
    thread_.request_stop();
    thread_.join();
    erase();
}

void ProgressDisplay::write(Severity severity, std::string_view line) {
    write_above([&] { log_.write(severity, line); });
}

void ProgressDisplay::write_about(const LogContext& about, Severity severity,
                                  std::string_view line) {
    write_above([&] { log_.write_about(about, severity, line); });
}

void ProgressDisplay::write_above(const std::function<void()>& write_line) {
    const std::lock_guard drawing(mutex_);
    erase();
    write_line();
    if (style_ == Style::terminal) {
        draw();
    }
}

void ProgressDisplay::begins(const Job& job, const JobProgress& progress) {
    const std::lock_guard changing(mutex_);
    entries_.push_back({job.name, &progress, {}, {}, steady_clock::now() + before_first_line});
}

void ProgressDisplay::ends(const Job& /*job*/, const JobProgress& progress,
                           const RunReport& /*report*/) {
    const std::lock_guard changing(mutex_);
    erase();
    std::erase_if(entries_, [&](const Entry& entry) { return entry.progress == &progress; });
}

void ProgressDisplay::work(const std::stop_token& stop) {
    std::unique_lock waiting(mutex_);
    const std::chrono::milliseconds interval =
        style_ == Style::terminal ? redraw_interval : std::chrono::milliseconds(look_interval);
    while (!bell_.wait_for(waiting, stop, interval, [] { return false; }) &&
           !stop.stop_requested()) {
        if (style_ == Style::terminal) {
            draw();
        } else {
            log_what_is_due();
        }
    }
}

ProgressState ProgressDisplay::state_of(Entry& entry, const JobProgress::View& view) {
    const bool is_sending = view.phase == JobProgress::Phase::sending;
    if (is_sending) {
        if (entry.stream_began != view.phase_began) {
            entry.stream_began = view.phase_began;
            entry.rate = {};
            entry.rate.note(view.begin, view.phase_began);
        }
        entry.rate.note(view.offset, steady_clock::now());
    }
    return {entry.job,         phase_text(view.phase), is_sending, view.offset,
            entry.rate.rate(), view.estimate,          view.place, view.series};
}

/// The cursor stays at the beginning of the first of its lines, so that whatever comes next can
/// take their place.
void ProgressDisplay::draw() {
    if (entries_.empty()) {
        return;
    }
    const auto width = terminal_width() - 1;  // in the last column some terminals wrap already
    std::string text(erase_below);            // also what a terminal that grew narrower has wrapped
    for (std::size_t index = 0; index < entries_.size(); ++index) {
        const auto view = entries_[index].progress->view();
        text += (index > 0 ? "\r\n" : "") + progress_line(state_of(entries_[index], view), width);
        text += erase_to_end_of_line;
    }
    if (entries_.size() > 1) {
        text += fmt::format("\x1b[{}A", entries_.size() - 1);
    }
    print(text + "\r");
    drawn_ = true;
}

void ProgressDisplay::erase() {
    if (drawn_) {
        print(erase_below);
        drawn_ = false;
    }
}

void ProgressDisplay::log_what_is_due() {
    constexpr std::size_t width = 200;
    for (auto& entry : entries_) {
        const auto view = entry.progress->view();
        const auto state = state_of(entry, view);
        if (state.is_sending && steady_clock::now() >= entry.next_line) {
            entry.next_line = steady_clock::now() + between_lines;
            log_.info("{}", progress_line(state, width));
        }
    }
}

}  // namespace snapferry::send
