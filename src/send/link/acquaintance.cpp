#include "snapferry/send/link/acquaintance.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

/// A host may be written with letters that no file's name may have.
std::string file_name_of(const std::string& whom) {
    wire::StreamDigest digest;
    digest.update(std::as_bytes(std::span(whom)));
    return digest.text();
}

/// Of the directory or, where it does not exist, of what it would be made in.
bool can_be_written(std::filesystem::path directory) {
    while (::access(directory.c_str(), W_OK) != 0) {
        if (errno != ENOENT || !directory.has_relative_path()) {
            return false;
        }
        directory = directory.parent_path();
    }
    return true;
}

}  // namespace

std::optional<std::filesystem::path> trace_of_sending(const std::filesystem::path& state_dir) {
    for (const auto& directory : {state_dir / "receivers", std::filesystem::path(lock_directory)}) {
        try {
            for (const auto& entry : sys::entries_of(directory, ExitCode::configuration)) {
                if (directory != lock_directory || entry.name.starts_with("send-")) {
                    return entry.path;
                }
            }
        } catch (const Failure&) {
            return directory;  // it cannot be looked at, and is there
        }
    }
    return std::nullopt;
}

Acquaintance::Acquaintance(const ssh::Destination& destination, const Tag& tag,
                           std::filesystem::path directory)
    : directory_(std::move(directory)),
      whom_(fmt::format("{} port {} tag {}", escape_text(destination.host), destination.port,
                        tag.text())) {
    file_ = directory_ / file_name_of(whom_);
}

HasSpoken Acquaintance::has_spoken() const {
    if (::access(file_.c_str(), F_OK) == 0) {
        return HasSpoken::yes;
    }
    return errno == ENOENT && can_be_written(directory_) ? HasSpoken::never : HasSpoken::not_known;
}

void Acquaintance::note_that_it_speaks(Log& log) const {
    if (has_spoken() == HasSpoken::yes) {
        return;
    }
    try {
        sys::make_private_directory(directory_.parent_path());
        sys::make_private_directory(directory_);
        sys::replace_file(file_, whom_ + " speaks snapferry/1\n");
    } catch (const std::exception& error) {
        log.warning("cannot remember that the receiver speaks snapferry's protocol: {}",
                    escape_text(error.what()));
    }
}

}  // namespace snapferry::send
