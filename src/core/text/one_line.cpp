#include "snapferry/core/text/one_line.h"

#include <algorithm>

namespace snapferry {

std::string on_one_line(std::string lines) {
    while (!lines.empty() && lines.back() == '\n') {
        lines.pop_back();
    }
    std::replace(lines.begin(), lines.end(), '\n', ' ');
    return lines;
}

}  // namespace snapferry
