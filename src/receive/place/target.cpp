#include "snapferry/receive/place/target.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/disk/privacy.h"
#include "snapferry/receive/disk/writable.h"

namespace snapferry::receive {

std::filesystem::path clock_of(const Config& config) {
    return config.target_dir / internal_directory / ".clock";  // no tag begins with a dot
}

Target target_of(const Config& config, const Tag& tag) {
    const auto internals = config.target_dir / internal_directory;
    return {config.target_dir / tag.text(),
            {internals / tag.text(), internals / (tag.text() + second_room)},
            internals / (tag.text() + ".lock"),
            internals / (tag.text() + ".checkpoint"),
            internals / (tag.text() + ".arrivals"),
            internals / (tag.text() + ".locks"),
            internals / (tag.text() + ".alarm"),
            internals / (tag.text() + ".manifests"),
            internals / (tag.text() + ".verified"),
            clock_of(config),
            internals / ".clock.lock"};
}

Target open_target(const Config& config, const Tag& tag, Log& log) {
    require_sound_disk(config);
    auto target = target_of(config, tag);
    require_on_the_disk(config, target);
    if (const auto trouble = trouble_with_place(target)) {
        throw Failure(*trouble);
    }
    secure_target(config, tag, log);
    return target;
}

void make_snapshot_directory(const Target& target, Log& log) {
    const auto above =
        sys::Directory::open(target.snapshots.parent_path(), ExitCode::directory_missing);
    secure_directory(above.make(target.snapshots.filename().native()), log);
}

}  // namespace snapferry::receive
