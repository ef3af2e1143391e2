#include "proof_progress.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "../surroundings.h"
#include "snapferry/sys/machine/screen.h"

namespace snapferry::commands {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds redraw_interval{250};

// ECMA-48, 8.3
constexpr auto erase_line = "\r\x1b[K";

void put(const std::string& text) {
    (void)std::fputs(text.c_str(), stdout);
    (void)std::fflush(stdout);
}

}  // namespace

ProofProgress::ProofProgress(bool is_shown)
    : is_shown_(is_shown && sys::look_at_screen(STDOUT_FILENO).width.has_value()) {
    if (is_shown_) {
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
}

ProofProgress::~ProofProgress() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
    erase();
}

void ProofProgress::begins(const std::string& name, std::uint64_t bytes) {
    const std::lock_guard changing(mutex_);
    name_ = name;
    total_ = bytes;
    read_ = 0;
    rate_ = {};
    rate_.note(0, steady_clock::now());
}

void ProofProgress::ends() {
    const std::lock_guard changing(mutex_);
    name_.clear();
    erase();
}

void ProofProgress::say(const std::string& line) {
    const std::lock_guard saying(mutex_);
    erase();
    print(line);
}

void ProofProgress::complain(const std::string& line) {
    const std::lock_guard saying(mutex_);
    erase();
    (void)std::fputs(("snapferry: " + line).c_str(), stderr);
}

void ProofProgress::work(const std::stop_token& stop) {
    std::unique_lock waiting(mutex_);
    while (!bell_.wait_for(waiting, stop, redraw_interval, [] { return false; }) &&
           !stop.stop_requested()) {
        draw();
    }
}

void ProofProgress::draw() {
    if (name_.empty()) {
        return;
    }
    const std::uint64_t read = read_;
    rate_.note(read, steady_clock::now());
    const auto width = sys::look_at_screen(STDOUT_FILENO).width.value_or(80);
    const ProgressState state{name_, "reading", true, read, rate_.rate(), total_};
    put(erase_line + progress_line(state, std::max<std::size_t>(width, 2) - 1));
    drawn_ = true;
}

void ProofProgress::erase() {
    if (drawn_) {
        put(erase_line);
        drawn_ = false;
    }
}

}  // namespace snapferry::commands
