#include "snapferry/core/names/job_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <span>
#include <tuple>

#include "snapferry/core/wire/stream_digest.h"

namespace snapferry {
namespace {

std::string plain_directory(const std::string& text) {
    auto path = std::filesystem::path(text).lexically_normal();
    if (!path.has_filename() && path.has_relative_path()) {
        path = path.parent_path();  // it ended in a slash
    }
    return path.native();
}

/// Names of hosts know no case (RFC 4343), and a dot at the end says that they are whole.
std::string plain_host(std::string host) {
    if (host.starts_with(JobIdentity::local_prefix)) {
        return host;
    }
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    if (host.size() > 1 && host.back() == '.') {
        host.pop_back();
    }
    return host;
}

}  // namespace

JobIdentity JobIdentity::of(const std::string& snapshot_dir, const std::string& source_tag,
                            const std::string& host, unsigned port, const std::string& dest_tag) {
    return {plain_directory(snapshot_dir), source_tag, plain_host(host), port, dest_tag};
}

bool JobIdentity::shares_tag_with(const JobIdentity& other) const {
    return std::tie(host, port, dest_tag) == std::tie(other.host, other.port, other.dest_tag);
}

std::string JobIdentity::address() const {
    return port == 0 ? host : fmt::format("{}:{}", host, port);
}

std::string JobIdentity::digest() const {
    const auto whole = fmt::format("{}\n{}\n{}\n{}", snapshot_dir, source_tag, address(), dest_tag);
    wire::StreamDigest digest;
    digest.update(std::as_bytes(std::span(whole)));
    return digest.text();
}

std::string JobIdentity::file_name() const {
    return fmt::format("{}.{}", dest_tag, digest());
}

}  // namespace snapferry
