#include "snapferry/restore/files/incoming.h"

#include <algorithm>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/form.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::restore {
namespace {

constexpr std::size_t at_once = std::size_t{64} * 1024;  // bytes
constexpr auto other = "what the other machine says";

}  // namespace

Incoming::Incoming(int descriptor) : descriptor_(descriptor), buffer_(at_once) {}

std::string Incoming::line(std::size_t most) {
    std::string line;
    for (;;) {
        if (begin_ == end_) {
            read_more();
        }
        const auto byte = static_cast<char>(buffer_[begin_++]);
        if (byte == '\n') {
            return line;
        }
        if (line.size() == most) {
            throw Failure(ExitCode::protocol, "the other machine says a line that is too long",
                          "install the same version at both ends");
        }
        line += byte;
    }
}

std::string Incoming::bytes(std::size_t count) {
    std::string text;
    text.reserve(count);
    while (text.size() < count) {
        if (begin_ == end_) {
            read_more();
        }
        const auto take = std::min(count - text.size(), end_ - begin_);
        std::transform(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                       buffer_.begin() + static_cast<std::ptrdiff_t>(begin_ + take),
                       std::back_inserter(text),
                       [](std::byte byte) { return static_cast<char>(byte); });
        begin_ += take;
    }
    return text;
}

Piece Incoming::piece() {
    PieceHead head{};
    const auto first = bytes(head.size());
    std::ranges::copy(std::as_bytes(std::span(first)), head.begin());
    const auto payload = bytes(payload_size(head));
    return decode(head, std::as_bytes(std::span(payload)));
}

void Incoming::manifest(const std::function<void(const manifest::Entry& entry)>& take) {
    manifest::Reader reader(take);
    for (;;) {
        const auto text = line(manifest::longest_line) + "\n";
        reader.push(std::as_bytes(std::span(text)));
        if (text.starts_with(manifest::end_mark)) {
            (void)reader.finish();
            return;
        }
    }
}

void Incoming::read_more() {
    begin_ = 0;
    end_ = sys::read_some(descriptor_, buffer_, ExitCode::connection, other);
    if (end_ == 0) {
        throw Failure(ExitCode::connection, "the other machine has ended before all was said",
                      "the same command goes on from what is there");
    }
}

void Outgoing::write(std::string_view text) {
    held_ += text;
    if (held_.size() >= at_once) {
        flush();
    }
}

void Outgoing::flush() {
    sys::write_all(descriptor_, std::as_bytes(std::span(held_)), ExitCode::connection,
                   "to the other machine");
    held_.clear();
}

}  // namespace snapferry::restore
