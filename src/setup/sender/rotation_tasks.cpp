#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <variant>

#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/rotation/rotation_table.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/rotation/rotation.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/logs/console_log.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::setup {
namespace {

constexpr auto usual_calendar = "daily";  // systemd.time(7)
constexpr auto usual_keep = "7 14d 8w";   // the receiver keeps more, and for longer
constexpr mode_t for_root_alone = 0700;

RotationTable table_of(const SenderWishes& wishes) {
    return {wishes.make_of.native(), wishes.snapshot_dir.native(), wishes.source_tag, usual_keep,
            usual_calendar};
}

bool is_the_same(const send::Rotation& there, const SenderWishes& wishes) {
    return there.subvolume.lexically_normal() == wishes.make_of.lexically_normal() &&
           there.snapshot_dir.lexically_normal() == wishes.snapshot_dir.lexically_normal() &&
           there.tag == wishes.source_tag;
}

bool has_snapshots(const SenderWishes& wishes) {
    return sys::is_there(wishes.snapshot_dir) &&
           send::newest_snapshot(wishes.snapshot_dir, wishes.source_tag);
}

class RotationTask final : public Task {
  public:
    RotationTask(const SenderPlace& place, const SenderWishes& wishes)
        : place_(place), wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{"snapshots",
                  fmt::format("have the daemon make a snapshot of {} every day",
                              escape_text(wishes_.make_of.native())),
                  escape_text(place_.config.native()),
                  shown_table(table(), rotation_entries(table_of(wishes_))),
                  Step::State::to_do,
                  {},
                  {}};
        const auto& there = place_.rotation_there;
        if (!there) {
            return has_snapshots(wishes_)
                       ? blocked(step,
                                 fmt::format("there are snapshots @{} in {} already: somebody "
                                             "makes them, and perhaps keeps them for longer",
                                             escape_text(wishes_.source_tag),
                                             escape_text(wishes_.snapshot_dir.native())),
                                 "leave out --make-snapshots-of; or write [snapshots.NAME] "
                                 "yourself, with what is to be kept")
                       : step;
        }
        if (!is_the_same(*there, wishes_)) {
            return blocked(
                step,
                fmt::format("[snapshots.{}] makes @{} of {} in {}", there->name,
                            escape_text(there->tag), escape_text(there->subvolume.native()),
                            escape_text(there->snapshot_dir.native())),
                "choose another --tag for these, or change that in the file");
        }
        return done(step);
    }

    void carry_out() override {
        add_to_config(place_.config, table(), rotation_entries(table_of(wishes_)));
    }

  private:
    [[nodiscard]] TomlTable table() const { return {"snapshots", place_.job}; }

    const SenderPlace& place_;
    const SenderWishes& wishes_;
};

class FirstSnapshotTask final : public Task {
  public:
    explicit FirstSnapshotTask(const SenderWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto subvolume = escape_text(wishes_.make_of.native());
        const auto directory = escape_text(wishes_.snapshot_dir.native());
        Step step{"first snapshot",
                  fmt::format("make the first snapshot of {} now", subvolume),
                  directory,
                  {fmt::format("$ snapferry rotate {} {} {} \"{}\"", subvolume, directory,
                               escape_text(wishes_.source_tag), usual_keep)},
                  Step::State::to_do,
                  {},
                  {}};
        return has_snapshots(wishes_) ? done(step) : step;
    }

    void carry_out() override {
        make_directory();
        sys::ConsoleLog log(sys::Verbosity::quiet);
        const send::Rotation rotation{"pair", wishes_.make_of, wishes_.snapshot_dir,
                                      wishes_.source_tag,
                                      std::get<KeepWords>(parse_keep(usual_keep))};
        if (const auto failure = send::rotate(rotation, {}, log)) {
            throw Failure(*failure);
        }
    }

  private:
    void make_directory() const {
        if (::mkdir(wishes_.snapshot_dir.c_str(), for_root_alone) != 0 && errno != EEXIST) {
            throw sys::system_failure(
                ExitCode::directory_missing,
                fmt::format("make {}", escape_text(wishes_.snapshot_dir.native())));
        }
    }

    const SenderWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> rotation_task(const SenderPlace& place, const SenderWishes& wishes) {
    return std::make_unique<RotationTask>(place, wishes);
}

std::unique_ptr<Task> first_snapshot_task(const SenderWishes& wishes) {
    return std::make_unique<FirstSnapshotTask>(wishes);
}

}  // namespace snapferry::setup
