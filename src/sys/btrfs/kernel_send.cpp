#include "snapferry/sys/btrfs/kernel_send.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

std::uint64_t subvolume_id(const std::filesystem::path& path) {
    const auto info = subvolume_info(path);
    if (!info) {
        throw Failure(ExitCode::sending, shown(path) + " is no longer a snapshot");
    }
    return info->id;
}

/// Signals that arrive while the kernel sends go to another thread.
void block_all_signals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

struct Ioctl {
    sys::UniqueFd snapshot;
    sys::UniqueFd output;
    std::optional<std::uint64_t> parent;
    stream::Form form;
    bool without_data;

    /// Returns 0 or an errno value.
    int run() {
        std::array<std::uint64_t, 1> clone_sources{parent.value_or(0)};
        btrfs_ioctl_send_args arguments{};
        arguments.send_fd = output.get();
        if (form != stream::Form::v1) {  // a kernel before 6.0 does not know the flag
            arguments.flags = BTRFS_SEND_FLAG_VERSION;
            arguments.version = stream::version_of(form);
        }
        if (form == stream::Form::v2_compressed) {
            arguments.flags |= BTRFS_SEND_FLAG_COMPRESSED;
        }
        if (without_data) {
            arguments.flags |= BTRFS_SEND_FLAG_NO_FILE_DATA;
        }
        if (parent) {  // the parent is also what changed files may share extents with
            arguments.parent_root = *parent;
            arguments.clone_sources = reinterpret_cast<__u64*>(clone_sources.data());
            arguments.clone_sources_count = clone_sources.size();
        }
        return ::ioctl(snapshot.get(), BTRFS_IOC_SEND, &arguments) == 0 ? 0 : errno;
    }
};

}  // namespace

sys::UniqueFd open_snapshot(const std::filesystem::path& path) {
    sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        throw sys::system_failure(ExitCode::sending, "open the snapshot " + shown(path));
    }
    return fd;
}

stream::Form newest_send_form() {
    constexpr std::size_t longest = 64;  // bytes: one number and a line feed
    const auto text = sys::read_small_file("/sys/fs/btrfs/features/send_stream_version", longest);
    const bool is_new = text && !text->starts_with('1');  // no such file before Linux 6.0
    return is_new ? stream::Form::v2_compressed : stream::Form::v1;
}

KernelSend::KernelSend(const SendRequest& request)
    : KernelSend(request, sys::Pipe::make_for_bulk()) {}

KernelSend::KernelSend(const SendRequest& request, sys::Pipe pipe)
    : snapshot_(request.snapshot), stream_(std::move(pipe.read_end)) {
    Ioctl ioctl{open_snapshot(request.snapshot), std::move(pipe.write_end),
                request.parent ? std::optional(subvolume_id(*request.parent)) : std::nullopt,
                request.form, request.without_data};
    std::promise<int> error;
    error_ = error.get_future();
    std::thread([told = std::move(error), work = std::move(ioctl)]() mutable {
        block_all_signals();
        const int result = work.run();
        work.output.close();
        work.snapshot.close();
        told.set_value(result);
    }).detach();
}

/// Nearly always the thread has ended at once, and nothing keeps the snapshot from being deleted.
KernelSend::~KernelSend() {
    constexpr std::chrono::seconds patience{2};
    stream_.close();  // the kernel's next write fails, and the thread ends
    if (error_.valid()) {
        (void)error_.wait_for(patience);
    }
}

void KernelSend::finish() {
    const int error = error_.get();
    if (error == EAGAIN) {
        throw PassingFailure(
            ExitCode::sending,
            "cannot send " + shown(snapshot_) + ": a deduplication or balance is running",
            "run this again when it has ended");
    }
    if (error != 0) {
        throw sys::system_failure(ExitCode::sending, "send " + shown(snapshot_), error);
    }
}

}  // namespace snapferry::btrfs
