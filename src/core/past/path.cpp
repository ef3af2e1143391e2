#include "snapferry/core/past/path.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"

namespace snapferry::past {

std::string path_within(std::string_view written) {
    std::string path;
    for (const auto step : split(written, '/')) {
        if (step == ".." || step.find('\0') != std::string_view::npos) {
            throw Failure(ExitCode::configuration,
                          fmt::format("\"{}\" is no path within a backup", escape_text(written)),
                          "write it from the top of the snapshot, without \"..\"");
        }
        if (!step.empty() && step != ".") {
            path += path.empty() ? "" : "/";
            path += step;
        }
    }
    return path;
}

bool lies_in(std::string_view path, std::string_view top) {
    return top.empty() || path == top ||
           (path.starts_with(top) && path.substr(top.size()).starts_with('/'));
}

}  // namespace snapferry::past
