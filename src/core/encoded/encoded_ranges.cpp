#include "snapferry/core/encoded/encoded_ranges.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "../guard/attribute_values.h"

namespace snapferry::stream {
namespace {

constexpr std::size_t memory_of_file = 160;  // bytes: a node of the map, a string, a vector

std::size_t memory_of(const EncodedRanges::Files::value_type& file) {
    return memory_of_file + file.first.size() + file.second.size() * sizeof(FileRange);
}

FileRange range_in(const Command& command, AttributeType length) {
    const auto begin = number64_in(command, AttributeType::file_offset);
    return {begin, begin + number64_in(command, length)};
}

}  // namespace

void EncodedRanges::note(const Command& command) {
    const auto path = [&] { return text_in(command, AttributeType::path); };
    switch (command.type()) {
        case CommandType::encoded_write:
            add(path(), range_in(command, AttributeType::unencoded_file_len));
            break;
        case CommandType::rename:
            rename(path(), text_in(command, AttributeType::path_to));
            break;
        case CommandType::unlink:
            forget(path());
            break;
        case CommandType::truncate:
            forget_from(path(), number64_in(command, AttributeType::size));
            break;
        case CommandType::clone:
            forget_if_touched(path(), range_in(command, AttributeType::clone_len));
            break;
        case CommandType::fallocate:
            forget_if_touched(path(), range_in(command, AttributeType::size));
            break;
        default:
            break;
    }
}

void EncodedRanges::clear() {
    files_.clear();
    memory_ = 0;
}

/// The kernel sends a file from its beginning to its end, so that most go on where the last ended.
void EncodedRanges::add(std::string_view path, FileRange range) {
    if (range.begin == range.end)
        return;
    auto file = files_.find(path);
    if (file == files_.end()) {
        file = files_.emplace(path, std::vector<FileRange>{}).first;
        memory_ += memory_of(*file);
    }
    auto& ranges = file->second;
    if (!ranges.empty() && ranges.back().end == range.begin) {
        ranges.back().end = range.end;
    } else {
        ranges.push_back(range);
        memory_ += sizeof(FileRange);
    }
}

void EncodedRanges::forget(std::string_view path) {
    const auto file = files_.find(path);
    if (file != files_.end()) {
        memory_ -= memory_of(*file);
        files_.erase(file);
    }
}

void EncodedRanges::forget_from(std::string_view path, std::uint64_t size) {
    const auto file = files_.find(path);
    if (file == files_.end())
        return;
    auto& ranges = file->second;
    const auto before = ranges.size();
    std::erase_if(ranges, [&](const FileRange& range) { return range.begin >= size; });
    for (auto& range : ranges)
        range.end = std::min(range.end, size);
    memory_ -= (before - ranges.size()) * sizeof(FileRange);
}

void EncodedRanges::forget_if_touched(std::string_view path, FileRange range) {
    const auto file = files_.find(path);
    const auto touches = [&](const FileRange& one) {
        return one.begin < range.end && range.begin < one.end;
    };
    if (file != files_.end() && std::any_of(file->second.begin(), file->second.end(), touches))
        forget(path);
}

/// A directory takes with it what lies in it.
void EncodedRanges::rename(std::string_view from, std::string_view to) {
    forget(to);
    if (const auto file = files_.find(from); file != files_.end())
        move(file, std::string(to));
    const auto directory = std::string(from) + "/";
    std::vector<Files::iterator> inside;  // those that move might come to lie behind them again
    for (auto file = files_.lower_bound(directory);
         file != files_.end() && file->first.starts_with(directory); ++file)
        inside.push_back(file);
    for (const auto file : inside)
        move(file, std::string(to) + file->first.substr(from.size()));
}

void EncodedRanges::move(Files::iterator file, std::string to) {
    memory_ -= memory_of(*file);
    auto node = files_.extract(file);
    node.key() = std::move(to);
    const auto moved = files_.insert(std::move(node));
    if (moved.inserted)
        memory_ += memory_of(*moved.position);
}

}  // namespace snapferry::stream
