#include "snapferry/core/manifest/writer.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/form.h"
#include "snapferry/core/manifest/line.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::manifest {

Writer::Writer(Take take) : take_(std::move(take)) {
    put(signature);
    put(version_line);
}

void Writer::add(const Entry& entry) {
    const bool in_order =
        entries_ == 0 ? entry.path.empty() : stands_before(last_path_, entry.path);
    if (!in_order) {
        throw Failure(ExitCode::internal, fmt::format("{} comes out of its order in a manifest",
                                                      escape_text(entry.path)));
    }
    put(line_of(entry));
    last_path_ = entry.path;
    ++entries_;
}

Summary Writer::finish() {
    const Summary summary{entries_, digest_.take()};
    take_(end_line(summary) + "\n");
    return summary;
}

void Writer::put(std::string_view line) {
    const auto text = std::string(line) + "\n";
    digest_.update(std::as_bytes(std::span(text)));
    take_(text);
}

std::string end_line(const Summary& summary) {
    return fmt::format("{}{} {}", end_mark, summary.entries, hexadecimal(summary.digest));
}

}  // namespace snapferry::manifest
