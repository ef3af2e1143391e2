#include <fmt/format.h>

#include <algorithm>

#include "../steps/system.h"
#include "disk_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/disk/fstab.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::setup {
namespace {

constexpr auto file = "/etc/fstab";

std::vector<std::string> errors_in(const std::filesystem::path& table) {
    return fstab_errors(ask("findmnt", {"--verify", "--tab-file", table.native()}).text);
}

class FstabTask : public Task {
  public:
    explicit FstabTask(ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto place = find_place(wishes_);
        Step step{
            "fstab", "the backup disk in the table of what is mounted at a start", file, {}, {}, {},
            {}};
        if (place.trouble) {
            return left(step, "it is not known yet which disk that is", "");
        }
        const auto table = text_of(file);
        const auto entry = place.uuid.empty() ? std::nullopt : entry_of(table, place.uuid);
        const auto at_point = entry_at(table, place.mount_point.native());
        const auto subvolume = subvolume_at(place.mount_point);
        if (place.is_mounted_for_a_receive) {
            return done(step);
        }
        if (entry || (at_point && !place.to_erase)) {
            // A line that a person wrote is theirs; what it lacks is told apart.
            return judged(step, at_point ? *at_point : *entry, subvolume);
        }
        const auto line = fstab_line(place.uuid.empty() ? "(of the new filesystem)" : place.uuid,
                                     place.mount_point.native(), subvolume);
        if (at_point) {
            return blocked(
                step,
                fmt::format("it has a line for another disk at {} ({})",
                            escape_text(place.mount_point.native()), escape_text(at_point->source)),
                "take that line out first");
        }
        if (place.device.empty() || (place.uuid.empty() && !place.to_erase)) {
            return left(step,
                        fmt::format("it has no line for {}, so that a person must mount it after "
                                    "each start",
                                    escape_text(place.mount_point.native())),
                        fmt::format("add to {}: {}", file, escape_text(line)));
        }
        if (const auto why = why_not_to_edit(file)) {
            return blocked(step, fmt::format("{} is left as it is: {}", file, *why),
                           fmt::format("add this line by hand: {}", escape_text(line)));
        }
        step.shown = {"+ " + escape_text(line)};
        return step;
    }

    void carry_out() override {
        const auto place = find_place(wishes_);
        if (place.trouble || place.uuid.empty()) {
            throw Failure(ExitCode::configuration,
                          "the disk has no filesystem that can be named in " + std::string(file),
                          "run this again");
        }
        make_directory_of_root(place.mount_point);  // or findmnt complains that it is not there
        const auto known = errors_in(file);
        const auto check = [&](const std::filesystem::path& table) {
            for (const auto& error : errors_in(table)) {
                if (std::ranges::find(known, error) == known.end()) {
                    throw Failure(ExitCode::configuration,
                                  fmt::format("findmnt does not like the new line of {}: {}", file,
                                              escape_text(error)),
                                  "mount the disk by a line of your own, and say --disk DIRECTORY");
                }
            }
        };
        const auto line =
            fstab_line(place.uuid, place.mount_point.native(), subvolume_at(place.mount_point));
        sys::edit_carefully(
            file, 0644, [&](const std::string& content) { return with_line(content, line); }, check,
            [&] { check(file); });
    }

  private:
    /// What is mounted there now; empty where nothing is.
    [[nodiscard]] static std::string subvolume_at(const std::filesystem::path& point) {
        const auto mount = sys::mount_at(sys::current_mounts(), point);
        return mount && mount->filesystem_type == "btrfs" ? mount->root : std::string{};
    }

    /// Whether the next start brings what is there now.
    [[nodiscard]] static Step judged(Step step, const FstabEntry& entry,
                                     const std::string& subvolume) {
        if (!is_mounted_at_a_start(entry)) {
            return left(step,
                        fmt::format("its line for {} has noauto, so that a person must mount it "
                                    "after each start",
                                    escape_text(entry.point)),
                        fmt::format("take noauto out of that line of {}", file));
        }
        if (!subvolume.empty() && !mounts_subvolume(entry, subvolume)) {
            return left(
                step,
                fmt::format("its line for {} does not mount the subvolume {} that is mounted "
                            "there now: after the next start the backups would be out of sight",
                            escape_text(entry.point), escape_text(subvolume)),
                fmt::format("put subvol={} among the options of that line of {}",
                            escape_text(subvolume), file));
        }
        return done(step);
    }

    ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> fstab_task(ReceiverWishes& wishes) {
    return std::make_unique<FstabTask>(wishes);
}

}  // namespace snapferry::setup
