#include "snapferry/receive/space/watch.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "snapferry/receive/space/room.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

/// What may be written into a reserve before that is looked into by a sync: each takes time.
std::uint64_t sync_distance(std::uint64_t reserve) {
    return std::clamp(reserve / 4, mib, 8 * mib);
}

/// The nearer the end, the closer the looks. No disk takes more than 2 GiB a second.
std::chrono::milliseconds next_look(std::uint64_t room) {
    const auto soon = static_cast<std::int64_t>(std::min(room / (2 * mib), std::uint64_t{1000}));
    return std::max(std::chrono::milliseconds{soon}, std::chrono::milliseconds{10});
}

}  // namespace

SpaceWatch::SpaceWatch(std::filesystem::path on_the_disk, const Reserve& reserve)
    : on_the_disk_(std::move(on_the_disk)),
      reserve_(reserve),
      gauge_(on_the_disk_),
      reserve_bytes_(reserve.bytes_of(gauge_.read().total)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void SpaceWatch::guard(int process) {
    const std::lock_guard changing(mutex_);
    process_ = sys::UniqueFd(::fcntl(process, F_DUPFD_CLOEXEC, 0));
    changed_.notify_all();
}

void SpaceWatch::release() {
    const std::lock_guard changing(mutex_);
    process_.close();
}

void SpaceWatch::let_pass(std::uint64_t bytes) {
    passed_ += bytes;
    if (passed_ >= distance_) {
        require(0);
    }
}

void SpaceWatch::require(std::uint64_t more) {
    throw_if_short();
    auto use = gauge_.read();
    const auto is_short = [&](std::uint64_t free) {
        return free < kept_free() || free - kept_free() < more;
    };
    if (is_short(free_at_least(use) + sync_distance(kept_free()))) {
        btrfs::commit_transaction(on_the_disk_);
        use = gauge_.read();
    }
    if (is_short(certainly_free(use))) {
        throw shortage(use, reserve_, more);
    }
    passed_ = 0;
    const auto free = free_at_least(use);
    distance_ = std::min((free - std::min(free, kept_free())) / 16, 32 * mib);
}

void SpaceWatch::throw_if_short() const {
    const std::lock_guard looking(mutex_);
    if (shortage_) {
        throw shortage(*shortage_, reserve_);
    }
}

std::uint64_t SpaceWatch::room(const DiskUse& use) const {
    const auto free = certainly_free(use);
    return free - std::min(free, kept_free());
}

void SpaceWatch::watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (!changed_.wait(lock, stop, [this] { return static_cast<bool>(process_); })) {
            return;
        }
        std::chrono::milliseconds pause{1000};
        try {
            const auto use = gauge_.read();
            pause = next_look(room(use));
            if (certainly_free(use) < kept_free()) {
                shortage_ = use;
                (void)::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0);
                process_.close();
            }
        } catch (const std::exception&) {
            // A disk that cannot be measured: whoever hands the stream on hears of it.
        }
        (void)changed_.wait_for(lock, stop, pause, [] { return false; });
    }
}

}  // namespace snapferry::receive
