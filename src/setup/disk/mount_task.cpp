#include <fmt/format.h>

#include "../steps/system.h"
#include "disk_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/disk/fstab.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::setup {
namespace {

class MountTask : public Task {
  public:
    explicit MountTask(ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto place = find_place(wishes_);
        Step step{
            "mount", "the backup disk mounted", escape_text(place.mount_point.native()), {}, {}, {},
            {}};
        if (place.trouble) {
            return left(step, "it is not known yet which disk that is", "");
        }
        const auto mounted = uuid_mounted_at(place.mount_point);
        if ((!mounted.empty() && mounted == place.uuid) || place.is_mounted_for_a_receive) {
            return done(step);
        }
        if (!mounted.empty() || sys::mount_at(sys::current_mounts(), place.mount_point)) {
            return blocked(step, fmt::format("something else is mounted at {}", step.where),
                           fmt::format("umount {}", step.where));
        }
        const bool is_of_fstab =
            entry_at(text_of("/etc/fstab"), place.mount_point.native()).has_value();
        if (place.is_given_directory || (place.uuid.empty() && !place.to_erase && !is_of_fstab)) {
            return blocked(step, fmt::format("nothing is mounted at {}", step.where),
                           "mount the backup disk there, or name it by --disk");
        }
        if (holds_something(place.mount_point)) {
            return blocked(step,
                           fmt::format("{} holds something, which the disk would hide", step.where),
                           "move that elsewhere");
        }
        step.shown = {fmt::format("$ mount {}", step.where)};
        return step;
    }

    void carry_out() override {
        const auto place = find_place(wishes_);
        make_directory_of_root(place.mount_point);
        if (has_systemd()) {
            have_done("tell systemd of the line in /etc/fstab", "systemctl", {"daemon-reload"});
        }
        if (sys::kind_of("/run/udev/control")) {
            (void)ask("udevadm", {"settle", "--timeout=30"});  // a new filesystem has a new UUID
        }
        // systemd may be quicker: what is mounted then tells, and not who has done it.
        const auto answer = ask("mount", {place.mount_point.native()});
        const auto mounted = uuid_mounted_at(place.mount_point);
        if (mounted.empty() || (!place.uuid.empty() && mounted != place.uuid)) {
            throw Failure(ExitCode::directory_missing,
                          fmt::format("the backup disk is not mounted at {}{}{}",
                                      escape_text(place.mount_point.native()),
                                      answer.said.empty() ? "" : ": ", answer.said),
                          "see its line in /etc/fstab");
        }
    }

  private:
    static bool holds_something(const std::filesystem::path& directory) {
        return !sys::entries_of(directory, ExitCode::directory_missing).empty();
    }

    ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> mount_task(ReceiverWishes& wishes) {
    return std::make_unique<MountTask>(wishes);
}

}  // namespace snapferry::setup
