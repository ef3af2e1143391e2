#include <fmt/format.h>

#include "../steps/system.h"
#include "disk_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

constexpr std::chrono::seconds patience{600};  // a slow card, or a disk that has to spin up

class FilesystemTask : public Task {
  public:
    explicit FilesystemTask(ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto place = find_place(wishes_);
        Step step{"filesystem", "a btrfs filesystem for the backups", {}, {}, {}, {}, {}};
        step.where = escape_text(place.device.empty() ? place.target_dir.native() : place.device);
        if (place.trouble) {
            step.shown = place.trouble->shown;
            return blocked(step, place.trouble->why, place.trouble->advice);
        }
        if (place.is_taken_as_it_is) {
            step.what =
                "the btrfs that is there, which has its line in /etc/fstab already: it is "
                "not erased";
        }
        if (!place.to_erase) {
            return done(step);
        }
        step.what = fmt::format("erase all that is on {} ({}{}{}) and make it a btrfs filesystem",
                                escape_text(place.device), byte_text(place.to_erase->size),
                                place.to_erase->model.empty() ? "" : ", ",
                                escape_text(place.to_erase->model));
        step.shown = {fmt::format("$ wipefs --all {}", step.where),
                      fmt::format("$ mkfs.btrfs --label backups {}", step.where)};
        return step;
    }

    /// Neither is forced: both refuse a disk that is in use.
    void carry_out() override {
        const auto place = find_place(wishes_);
        if (!place.to_erase) {
            return;
        }
        const auto doing = fmt::format("erase {}", escape_text(place.device));
        have_done(doing, "wipefs", {"--all", place.device});
        have_done(fmt::format("make a btrfs on {}", escape_text(place.device)), "mkfs.btrfs",
                  {"--quiet", "--label", "backups", place.device}, patience);
        wishes_.disk = place.device;
        wishes_.format = std::nullopt;
    }

  private:
    ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> filesystem_task(ReceiverWishes& wishes) {
    return std::make_unique<FilesystemTask>(wishes);
}

}  // namespace snapferry::setup
