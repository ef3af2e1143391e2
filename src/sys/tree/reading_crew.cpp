#include "snapferry/sys/tree/reading_crew.h"

#include <exception>
#include <utility>

#include "snapferry/core/failure.h"

namespace snapferry::sys {
namespace {

/// Ends the reading of a file of which nobody wants to know any more.
struct GivenUp : std::exception {};

}  // namespace

ReadingCrew::ReadingCrew(unsigned threads, ExitCode code, WhenRead when_read)
    : code_(code), when_read_(std::move(when_read)) {
    threads_.reserve(threads);
    for (unsigned number = 0; number < threads; ++number) {
        threads_.emplace_back([this] { work(); });
    }
}

ReadingCrew::~ReadingCrew() {
    {
        const std::lock_guard ending(mutex_);
        ends_ = true;
        waiting_.clear();
    }
    work_there_.notify_all();
    threads_.clear();
}

std::shared_ptr<ReadingCrew::Order> ReadingCrew::read(UniqueFd file, std::string shown) {
    auto order = std::make_shared<Order>(Order{std::move(file), std::move(shown)});
    {
        const std::lock_guard ordering(mutex_);
        waiting_.push_back(order);
        ++open_;
    }
    work_there_.notify_one();
    return order;
}

bool ReadingCrew::has_room() const {
    const std::lock_guard looking(mutex_);
    return open_ < most_open;
}

bool ReadingCrew::is_done(const Order& order) const {
    const std::lock_guard looking(mutex_);
    return order.contents.has_value();
}

ReadContents ReadingCrew::await(const Order& order) {
    std::unique_lock waiting(mutex_);
    one_done_.wait(waiting, [&] { return order.contents.has_value(); });
    return *order.contents;
}

void ReadingCrew::await_done_or_room(const Order& order) {
    std::unique_lock waiting(mutex_);
    one_done_.wait(waiting, [&] { return order.contents.has_value() || open_ < most_open; });
}

void ReadingCrew::work() {
    std::unique_lock looking(mutex_);
    for (;;) {
        work_there_.wait(looking, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) {
            return;
        }
        const auto order = std::move(waiting_.front());
        waiting_.pop_front();
        looking.unlock();
        auto contents = contents_of_order(*order);
        order->file = {};
        looking.lock();
        order->contents = std::move(contents);
        --open_;
        one_done_.notify_all();
    }
}

ReadContents ReadingCrew::contents_of_order(const Order& order) const {
    const auto when_read = [this](std::size_t bytes) {
        if (ends_) {
            throw GivenUp();
        }
        if (when_read_) {
            when_read_(bytes);
        }
    };
    try {
        return sys::contents_of(order.file.get(), code_, order.shown, when_read, ReadFrom::disk);
    } catch (const Failure& failure) {
        return std::string(failure.what());
    } catch (const std::exception& error) {
        return std::string(error.what());
    }
}

}  // namespace snapferry::sys
