#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/rotation/rotation_plan.h"
#include "snapferry/send/config/alert_settings.h"

namespace snapferry::send {

/// Snapshots of a subvolume that are made and rotated: [snapshots.NAME] of send.toml, or what the
/// command line says.
struct Rotation {
    std::string name;  ///< a label
    std::filesystem::path subvolume;
    std::filesystem::path snapshot_dir;
    std::string tag;
    KeepWords keep;
    std::string calendar{};   ///< when the daemon does it; empty: never
    HookSettings hooks{};     ///< on_failure alone is called
    bool tells_once = false;  ///< a mail or on_alert tells of it

    friend bool operator==(const Rotation&, const Rotation&) = default;
};

/// How rotate() is to be done.
struct RotateManner {
    bool deletes_many = false;  ///< a person has confirmed what is rarely meant
    /// How loudly it says what stays beside: a person is told each time, a journal is not.
    Severity of_what_stays = Severity::info;
};

/// Makes a snapshot, and when it is on the disk deletes those that are not kept any more. Says in
/// the log what it does and why. What a receiver has as its last, what is being sent and what an
/// interrupted send goes on with are not deleted. Throws Failure where none was made:
/// directory_missing, sending, no_space; busy where another run is at work on the same. Returns one
/// where one was made, and then something went wrong: sending; configuration where nothing was
/// deleted, because that would be more than is likely to be meant.
[[nodiscard]] std::optional<Failure> rotate(const Rotation& rotation, RotateManner manner,
                                            Log& log);

/// Says in the log what rotate() would do.
void say_what_rotate_would_do(const Rotation& rotation, Log& log);

/// When the last snapshot of it was made, by its name; nothing where there is none. Throws as
/// rotate() does.
std::optional<std::chrono::sys_seconds> last_rotated(const Rotation& rotation);

}  // namespace snapferry::send
