#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "../steps/system.h"
#include "disk_tasks.h"
#include "snapferry/core/access/directory_rights.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::setup {
namespace {

constexpr auto code = ExitCode::directory_missing;
constexpr unsigned for_root_alone = 0700;

/// What is in it is all ours, if anything: nobody else needs to enter it.
bool is_ours_alone(const std::filesystem::path& directory) {
    return std::ranges::all_of(sys::entries_of(directory, code),
                               [](const auto& entry) { return entry.name == ".snapferry"; });
}

class DirectoryTask : public Task {
  public:
    explicit DirectoryTask(ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto place = find_place(wishes_);
        const auto path = escape_text(place.target_dir.native());
        Step step{"directory", "the directory of the backups, for root alone", path, {}, {}, {},
                  {}};
        if (place.trouble) {
            return left(step, "it is not known yet which disk it is on", "");
        }
        if (uuid_mounted_at(place.mount_point).empty()) {
            if (place.is_mounted_for_a_receive) {
                return done(step);  // it cannot be looked at now; each receive does
            }
            step.shown = {fmt::format("$ chmod 700 {}", path)};
            return step;
        }
        if (!sys::kind_of(place.target_dir)) {
            step.shown = {fmt::format("$ mkdir -m 700 {}", path)};
            return step;
        }
        return look_at(place, std::move(step));
    }

    void carry_out() override {
        const auto place = find_place(wishes_);
        if (uuid_mounted_at(place.mount_point).empty()) {
            throw Failure(
                code,
                fmt::format("nothing is mounted at {}", escape_text(place.mount_point.native())),
                "mount the backup disk, and run this again");
        }
        make_directory_of_root(place.target_dir, for_root_alone);
        sys::Directory::open(place.target_dir, code).set_mode(for_root_alone);
    }

  private:
    static Step look_at(const Place& place, Step step) {
        const auto rights = sys::Directory::open(place.target_dir, code).rights();
        const auto verdict =
            is_ours_alone(place.target_dir) ? judge_private(rights) : judge_way(rights);
        switch (verdict.rights) {
            case Rights::good:
                return done(step);
            case Rights::too_open:
                step.shown = {fmt::format("$ chmod 700 {}", step.where)};
                break;
            case Rights::strangers:
                return blocked(step, fmt::format("of {}, {}", step.where, verdict.why),
                               advice_for(verdict.rights, step.where, true));
        }
        if (!is_ours_alone(place.target_dir)) {
            return blocked(step, fmt::format("of {}, {}", step.where, verdict.why),
                           advice_for(verdict.rights, step.where, false));
        }
        return step;
    }

    ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> directory_task(ReceiverWishes& wishes) {
    return std::make_unique<DirectoryTask>(wishes);
}

}  // namespace snapferry::setup
