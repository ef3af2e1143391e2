#include "snapferry/receive/backups/manifests.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

constexpr auto code = ExitCode::receiving;

std::string shown(const std::filesystem::path& file) {
    return escape_text(file.native());
}

}  // namespace

std::filesystem::path manifest_of(const std::filesystem::path& manifests, const Uuid& copy) {
    return manifests / copy.text();
}

bool manifest_is_there(const std::filesystem::path& manifests, const Uuid& copy) {
    return sys::kind_of(manifest_of(manifests, copy)).has_value();
}

std::set<Uuid> copies_with_manifest(const std::filesystem::path& manifests) {
    std::set<Uuid> copies;
    for (const auto& entry : sys::entries_of(manifests, code)) {
        const auto copy = Uuid::parse(entry.name);
        if (copy && copy->text() == entry.name && entry.kind == sys::EntryKind::file) {
            copies.insert(*copy);
        }
    }
    return copies;
}

ArrivingManifest::ArrivingManifest(const std::filesystem::path& manifests, const Uuid& copy)
    : place_(manifest_of(manifests, copy)), fresh_(place_) {
    fresh_ += ".new";
    sys::make_private_directory(manifests, code);
    constexpr int how = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    file_ = sys::UniqueFd(::open(fresh_.c_str(), how, S_IRUSR | S_IWUSR));
    if (!file_) {
        throw sys::system_failure(code, "make " + shown(fresh_));
    }
}

ArrivingManifest::~ArrivingManifest() {
    if (file_) {
        ::unlink(fresh_.c_str());
    }
}

void ArrivingManifest::write(std::span<const std::byte> bytes) {
    sys::write_all(file_.get(), bytes, code, shown(fresh_));
}

void ArrivingManifest::keep() {
    if (::fsync(file_.get()) != 0) {
        throw sys::system_failure(code, "sync " + shown(fresh_));
    }
    if (::rename(fresh_.c_str(), place_.c_str()) != 0) {
        throw sys::system_failure(code, "replace " + shown(place_));
    }
    file_ = {};
    sys::sync_directory_of(place_, code);
}

void share_manifest(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (!sys::kind_of(from) || sys::kind_of(to)) {
        return;
    }
    sys::make_private_directory(to.parent_path(), code);
    if (::link(from.c_str(), to.c_str()) == 0) {
        sys::sync_directory_of(to, code);
    } else if (errno != ENOENT && errno != EEXIST) {
        throw sys::system_failure(code, "link " + shown(from) + " to " + shown(to));
    }
}

void leave_manifests_of(const std::set<Uuid>& copies, const std::filesystem::path& manifests) {
    for (const auto& entry : sys::entries_of(manifests, code)) {
        const auto copy = Uuid::parse(entry.name);
        if (!copy || copy->text() != entry.name || !copies.contains(*copy)) {
            sys::delete_tree(entry.path, code);
        }
    }
}

void tidy_manifests(const std::filesystem::path& manifests, const std::filesystem::path& snapshots,
                    Log& log) {
    try {
        if (!sys::kind_of(manifests)) {
            return;
        }
        std::set<Uuid> present;
        for (const auto& entry : sys::entries_of(snapshots, code)) {
            if (const auto info = btrfs::subvolume_info(entry.path)) {
                present.insert(info->uuid);
            }
        }
        leave_manifests_of(present, manifests);
    } catch (const std::exception& error) {
        log.warning("the manifests of backups that are gone are left: {}",
                    escape_text(error.what()));
    }
}

}  // namespace snapferry::receive
