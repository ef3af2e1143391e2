#include "snapferry/core/guard/path_watch.h"

#include <algorithm>

#include "../stream/little_endian.h"
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
    const CommandType type{load_little_endian<std::uint16_t>(head.subspan(command_type_position))};
    const auto attribute = head.subspan(command_header_size);
    const AttributeType first{load_little_endian<std::uint16_t>(attribute)};
    const std::size_t size = load_little_endian<std::uint16_t>(attribute.subspan(2));
    const auto rest = payload - attribute_header_size;
    // After each name that a directory gets, its times are set: that is not what it is about.
    if (type == CommandType::utimes || first != AttributeType::path || size == 0 ||
        size > max_path || size > rest) {
        to_skip_ = rest;
        return;
    }
    path_size_ = size;
    const bool is_renamed = type == CommandType::rename && rest <= 2 * max_path;
    path_left_ = is_renamed ? static_cast<std::size_t>(rest) : size;
    after_path_ = rest - path_left_;
    coming_.clear();
}

void PathWatch::take_path() {
    if (path_left_ > 0) {
        return;
    }
    const auto second = path_size_ + attribute_header_size;
    if (coming_.size() > second) {  // a new name
        coming_.erase(0, second);
    }
    path_.swap(coming_);
    to_skip_ = after_path_;
}

}  // namespace snapferry::stream
