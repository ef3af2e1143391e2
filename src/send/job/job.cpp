#include "snapferry/send/job/job.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::send {

std::string local_host(const std::filesystem::path& config) {
    return fmt::format("{}{}", JobIdentity::local_prefix, config.native());
}

JobIdentity identity_of(const Job& job) {
    const auto& destination = job.receiver.destination;
    return JobIdentity::of(job.snapshot_dir.native(), job.source_tag, destination.host,
                           destination.port, job.dest_tag.text());
}

std::optional<stream::Form> parse_stream_setting(std::string_view text) {
    const auto form = stream::parse_form(text);
    if (!form && text != "auto") {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no form of a stream", escape_text(text)),
                      "it must be auto, v1, v2 or v2-compressed");
    }
    return form;
}

std::string parse_source_tag(std::string_view text) {
    if (text.empty()) {
        throw Failure(ExitCode::bad_tag, "the source tag is missing",
                      "it is what stands after the @ in the snapshots' names");
    }
    if (!SnapshotName::parse(fmt::format("snapshot-@{}", text))) {
        throw Failure(ExitCode::bad_tag,
                      fmt::format("\"{}\" cannot be the tag of a snapshot", escape_text(text)));
    }
    return std::string(text);
}

}  // namespace snapferry::send
