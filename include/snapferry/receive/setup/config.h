#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/alert/mail_settings.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/retention/alarm.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/core/space/reserve.h"
#include "snapferry/sys/processes/sealed_room.h"

namespace snapferry::receive {

inline constexpr auto config_path = "/etc/snapferry/receive.toml";

/// [tags.TAG.derive.RULE]: what is derived from a tag, without being sent.
struct Derivation {
    Tag tag;  ///< "TAG-RULE": where it goes
    Period every = Period::week;
    RetentionPolicy policy;
};

/// receive.toml. See snapferry-receive.toml(5).
struct Config {
    std::filesystem::path file = config_path;  ///< that it was read from
    std::filesystem::path target_dir;
    std::filesystem::path mount_point;  ///< must be mounted, or nothing is received
    bool has_mount_point = false;       ///< it is given; or else target_dir may lie deeper than it
    RetentionPolicy defaults;
    std::map<std::string, RetentionPolicy> tags;
    std::map<std::string, std::vector<Derivation>> derived;  ///< by the tag it is derived from
    int nice = 19;
    sys::IoClass io_class = sys::IoClass::idle;
    std::uint64_t checkpoint_every = std::uint64_t{4}
                                     << 30;  ///< bytes of stream between checkpoints
    std::chrono::seconds checkpoint_interval{300};
    Reserve reserve = Reserve::percent(2);    ///< of the backup disk, never filled
    std::chrono::seconds stall_timeout{120};  ///< how long the sender may say nothing at all
    std::chrono::seconds disk_timeout{1800};  ///< how long the disk may take nothing at all
    std::vector<std::string> before_receive;  ///< a program and its arguments; empty for none
    std::vector<std::string> after_receive;   ///< the same
    std::vector<std::string> on_alarm;        ///< the same, where something unusual has arrived
    std::vector<std::string> on_alert;        ///< the same: once, once a day, and when it is over
    std::optional<alert::MailSettings> mail{};
    std::optional<std::chrono::seconds> max_age{};  ///< of a tag's newest backup; nothing: learnt
    AlarmLimits alarm;
    std::filesystem::path report_file;      ///< that `snapferry report` keeps up; empty for none
    std::chrono::seconds hook_timeout{60};  ///< how long either may take
    bool trust_changed_snapshots = false;   ///< for those who deduplicate the backups in place

    [[nodiscard]] const RetentionPolicy& policy_of(const Tag& tag) const;

    /// What is derived from the tag; often nothing.
    [[nodiscard]] const std::vector<Derivation>& derivations_of(const Tag& tag) const;

    /// The tag that this one is derived from; nothing for one that is sent into.
    [[nodiscard]] std::optional<std::string> origin_of(const Tag& tag) const;
};

/// Throws Failure (configuration) naming file, line and key. The file must belong to root alone.
Config load_config(const std::filesystem::path& file);

}  // namespace snapferry::receive
