#include "snapferry/core/text/line_splitter.h"

namespace snapferry {

void LineSplitter::push(std::span<const std::byte> bytes) {
    for (const auto byte : bytes) {
        if (byte == std::byte{'\n'}) {
            end_line();
        } else if (line_.size() < longest) {
            line_ += static_cast<char>(byte);
        }
    }
}

void LineSplitter::finish() {
    if (!line_.empty()) {
        end_line();
    }
}

void LineSplitter::end_line() {
    take_line_(line_);
    line_.clear();
}

}  // namespace snapferry
