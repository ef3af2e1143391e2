#include "snapferry/send/telling/progress_notes.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "snapferry/core/text/escape.h"
#include "snapferry/send/job/job_lock.h"

namespace snapferry::send {
namespace {

UnderWay::Phase phase_of(JobProgress::Phase phase) {
    switch (phase) {
        case JobProgress::Phase::connecting:
            return UnderWay::Phase::connecting;
        case JobProgress::Phase::comparing:
            return UnderWay::Phase::comparing;
        case JobProgress::Phase::sending:
            return UnderWay::Phase::sending;
        case JobProgress::Phase::finishing:
            return UnderWay::Phase::finishing;
        case JobProgress::Phase::resuming:
            return UnderWay::Phase::resuming;
    }
    return UnderWay::Phase::connecting;
}

}  // namespace

ProgressNotes::ProgressNotes(Log& log) : log_(log) {}

ProgressNotes::~ProgressNotes() = default;

void ProgressNotes::begins(const Job& job, const JobProgress& progress) {
    const std::lock_guard changing(mutex_);
    entries_.push_back(
        {&progress, std::make_unique<sys::ProgressFile>(progress_file_of(identity_of(job)))});
    write(entries_.back());
    if (!thread_.joinable()) {
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
}

void ProgressNotes::ends(const Job& /*job*/, const JobProgress& progress,
                         const RunReport& /*report*/) {
    std::jthread without_work;  // ends, and is waited for, when the lock is free
    const std::lock_guard changing(mutex_);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.progress == &progress; });
    if (entries_.empty()) {
        without_work = std::move(thread_);
    }
}

void ProgressNotes::work(const std::stop_token& stop) {
    constexpr std::chrono::seconds interval{2};
    std::unique_lock waiting(mutex_);
    while (!bell_.wait_for(waiting, stop, interval, [] { return false; }) &&
           !stop.stop_requested()) {
        for (auto& entry : entries_) {
            write(entry);
        }
    }
}

void ProgressNotes::write(Entry& entry) {
    try {
        entry.file->write(state_of(entry));
    } catch (const std::exception& error) {
        if (!has_complained_) {
            log_.debug("how far this run is cannot be noted: {}", escape_text(error.what()));
            has_complained_ = true;
        }
    }
}

UnderWay ProgressNotes::state_of(Entry& entry) {
    const auto view = entry.progress->view();
    if (view.phase == JobProgress::Phase::sending) {
        if (entry.stream_began != view.phase_began) {
            entry.stream_began = view.phase_began;
            entry.rate = {};
            entry.rate.note(view.begin, view.phase_began);
        }
        entry.rate.note(view.offset, JobProgress::Clock::now());
    }
    return {phase_of(view.phase), view.snapshot, view.offset, entry.rate.rate(), view.estimate};
}

}  // namespace snapferry::send
