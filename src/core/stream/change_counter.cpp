#include "snapferry/core/stream/change_counter.h"

#include <algorithm>

#include "../guard/attribute_values.h"

namespace snapferry::stream {
namespace {

/// The kernel has a few at a time; a stream that has more only counts as renaming more.
constexpr std::size_t most_unplaced = 4096;

/// "o257-8-0": inode, generation, number.
bool is_name_for_a_while(std::string_view path) {
    return path.size() > 5 && path.front() == 'o' &&
           std::count(path.begin(), path.end(), '-') == 2 &&
           std::all_of(path.begin() + 1, path.end(),
                       [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

}  // namespace

void ChangeCounter::note(const Command& command) {
    const auto text = [&](AttributeType type) { return text_in(command, type); };
    switch (command.type()) {
        case CommandType::mkdir:
            return make(text(AttributeType::path), false);
        case CommandType::mkfile:
        case CommandType::mknod:
        case CommandType::mkfifo:
        case CommandType::mksock:
        case CommandType::symlink:
            return make(text(AttributeType::path), true);
        case CommandType::rename:
            return rename(text(AttributeType::path), text(AttributeType::path_to));
        case CommandType::link:
            ++count_.names;
            moved_ = text(AttributeType::path_link);
            return;
        case CommandType::unlink:
            return unlink(text(AttributeType::path));
        case CommandType::write:
        case CommandType::encoded_write:
        case CommandType::clone:
        case CommandType::truncate:
        case CommandType::fallocate:
            return write(text(AttributeType::path));
        default:
            return;
    }
}

void ChangeCounter::make(std::string_view path, bool is_file) {
    if (is_file) {
        ++count_.made;
        ++count_.names;
    }
    if (is_name_for_a_while(path) && unplaced_.size() < most_unplaced) {
        unplaced_.emplace(path);
    }
    fresh_ = path;
}

/// One that was there gets a name for a while only to be out of the way: what becomes of it counts.
void ChangeCounter::rename(std::string_view from, std::string_view to) {
    const auto placed = unplaced_.find(from);
    const bool is_new = placed != unplaced_.end() || from == fresh_;
    if (placed != unplaced_.end()) {
        unplaced_.erase(placed);
    }
    if (is_new) {
        fresh_ = to;
    } else if (!is_name_for_a_while(to)) {
        ++count_.renamed;
    }
}

void ChangeCounter::unlink(std::string_view path) {
    --count_.names;
    ++(path == moved_ ? count_.renamed : count_.deleted);
    moved_.clear();
}

void ChangeCounter::write(std::string_view path) {
    if (path != fresh_ && path != rewritten_) {
        ++count_.rewritten;
        rewritten_ = path;
    }
}

}  // namespace snapferry::stream
