#include "snapferry/core/stream/path_watch.h"

#include <algorithm>

#include "little_endian.h"
#include "snapferry/core/stream/format.h"

namespace snapferry::stream {
PathWatch::PathWatch(std::uint64_t offset) : to_skip_(offset == 0 ? stream_header_size : 0) {}

void PathWatch::push(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        if (to_skip_ > 0) {
            const auto count = std::min<std::uint64_t>(to_skip_, bytes.size());
            to_skip_ -= count;
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (path_left_ > 0) {
            const auto count = std::min(path_left_, bytes.size());
            const auto* text = reinterpret_cast<const char*>(bytes.data());
            coming_.append(text, count);
            path_left_ -= count;
            bytes = bytes.subspan(count);
            take_path();
        } else {
            const auto count = std::min(head_size - head_filled_, bytes.size());
            std::copy_n(bytes.begin(), count, head_.begin() + static_cast<long>(head_filled_));
            head_filled_ += count;
            bytes = bytes.subspan(count);
            take_head();
        }
    }
}

void PathWatch::take_head() {
    const std::span<const std::byte> head(head_);
    if (head_filled_ < command_header_size) {
        return;
    }
    const std::uint64_t payload = load_little_endian<std::uint32_t>(head);
    if (payload < attribute_header_size) {  // END, which has none
        head_filled_ = 0;
        to_skip_ = payload;
        return;
    }
    if (head_filled_ < head_size) {
        return;
    }
    head_filled_ = 0;
    const auto attribute = head.subspan(command_header_size);
    const auto type = load_little_endian<std::uint16_t>(attribute);
    const std::size_t size = load_little_endian<std::uint16_t>(attribute.subspan(2));
    const auto rest = payload - attribute_header_size;
    if (type == static_cast<std::uint16_t>(AttributeType::path) && size > 0 && size <= max_path &&
        size <= rest) {
        path_left_ = size;
        after_path_ = rest - size;
        coming_.clear();
    } else {
        to_skip_ = rest;
    }
}

void PathWatch::take_path() {
    if (path_left_ == 0) {
        path_.swap(coming_);
        to_skip_ = after_path_;
    }
}

}  // namespace snapferry::stream
