#include "snapferry/core/manifest/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/manifest/form.h"
#include "snapferry/core/manifest/line.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::manifest {
namespace {

constexpr std::uint64_t header_lines = 2;

std::string_view parent_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

}  // namespace

void Reader::push(std::span<const std::byte> bytes) {
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (line_.size() + end > longest_line) {
            ++lines_;
            refuse(fmt::format("it is longer than {} bytes", longest_line));
        }
        line_ += rest.substr(0, end);
        if (end == rest.size()) {
            return;
        }
        ++lines_;
        take_line(line_);
        line_.clear();
        rest.remove_prefix(end + 1);
    }
}

void Reader::take_line(std::string_view line) {
    if (end_) {
        refuse("something comes after the end");
    }
    if (line.starts_with(end_mark)) {
        take_end(line);
        return;
    }
    if (lines_ <= header_lines) {
        take_header(line);
    } else {
        take_entry(line);
    }
    digest_.update(std::as_bytes(std::span(line)));
    digest_.update(std::as_bytes(std::span(std::string_view("\n"))));
}

void Reader::take_header(std::string_view line) {
    if (line != (lines_ == 1 ? signature : version_line)) {
        refuse("it does not begin as a manifest of version 1 does");
    }
}

void Reader::take_entry(std::string_view line) {
    const auto entry = parse_line(line);
    if (!entry) {
        refuse("it is no entry");
    }
    require_its_place(*entry);
    last_path_ = entry->path;
    ++entries_;
    take_(*entry);
}

void Reader::require_its_place(const Entry& entry) {
    if (entries_ == 0) {
        if (!entry.path.empty() || entry.kind != Kind::directory) {
            refuse("the first entry is not the top directory");
        }
        directories_.emplace_back();
        return;
    }
    if (!stands_before(last_path_, entry.path)) {
        refuse(fmt::format("{} comes twice or out of its order", escape_text(entry.path)));
    }
    const auto parent = parent_of(entry.path);
    while (!directories_.empty() && directories_.back() != parent) {
        directories_.pop_back();
    }
    if (directories_.empty()) {
        refuse(fmt::format("{} lies in no directory that is there", escape_text(entry.path)));
    }
    if (entry.kind == Kind::directory) {
        directories_.push_back(entry.path);
    }
}

void Reader::take_end(std::string_view line) {
    const Summary summary{entries_, digest_.take()};
    if (entries_ == 0 || line != end_line(summary)) {
        refuse("the number or the digest at its end is not that of what came before");
    }
    end_ = summary;
}

Summary Reader::finish() {
    if (!end_ || !line_.empty()) {
        ++lines_;
        refuse("it ends before its end");
    }
    return *end_;
}

void Reader::refuse(std::string_view why) const {
    throw Malformed(fmt::format("line {}: {}", lines_, why));
}

}  // namespace snapferry::manifest
