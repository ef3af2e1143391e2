#include "snapferry/receive/setup/config.h"

#include <fmt/format.h>

#include <set>

#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/alert/mail_config.h"
#include "snapferry/sys/config/config_file.h"

namespace snapferry::receive {
namespace {

constexpr std::chrono::seconds shortest_stall{10};

/// A sender of a raw stream waits an hour in all: for two hooks, and for those of others.
constexpr std::chrono::minutes longest_hook{10};

/// A number, or words. What is said replaces all that was said elsewhere.
void read_keep(const sys::ConfigTable& table, RetentionPolicy& policy) {
    if (!table.has_text("keep")) {
        if (const auto number = table.number("keep", 1, most_kept)) {
            policy.keep = static_cast<std::size_t>(*number);
            policy.periods = {};
        }
        return;
    }
    const auto parsed = parse_keep(*table.text("keep"));
    if (const auto* const wrong = std::get_if<std::string>(&parsed)) {
        table.complain("keep", *wrong);
    }
    const auto& words = std::get<KeepWords>(parsed);
    policy.keep = words.newest;
    policy.periods = words.periods;
}

RetentionPolicy read_policy(const sys::ConfigTable& table, RetentionPolicy policy) {
    read_keep(table, policy);
    policy.min_age = table.duration("min_age").value_or(policy.min_age);
    return policy;
}

Period read_every(const sys::ConfigTable& table) {
    const auto text = table.required_text("every");
    for (const auto period : all_periods) {
        if (period != Period::hour && text == name_of(period)) {
            return period;
        }
    }
    table.complain("every", "it must be \"day\", \"week\", \"month\" or \"year\"");
}

std::vector<Derivation> read_derivations(const std::string& origin, const sys::ConfigTable& rules,
                                         const RetentionPolicy& policy) {
    std::vector<Derivation> derivations;
    for (const auto& [name, table] : rules.tables()) {
        table.allow_only({"every", "keep", "min_age"});
        const auto tag = fmt::format("{}-{}", origin, name);
        if (!Tag::is_tag(tag)) {
            rules.complain(name, fmt::format("\"{}\" cannot be a tag", escape_text(tag)));
        }
        derivations.push_back({Tag::parse(tag), read_every(table), read_policy(table, policy)});
    }
    return derivations;
}

/// One tag cannot be both, nor be derived in two ways.
void refuse_clashes(const sys::ConfigTable& tags, const Config& config) {
    std::set<std::string> derived;
    for (const auto& [origin, derivations] : config.derived) {
        for (const auto& derivation : derivations) {
            const auto& tag = derivation.tag.text();
            if (config.tags.contains(tag) || !derived.insert(tag).second) {
                tags.complain(origin, fmt::format("{} would be derived from it, and is another "
                                                  "section's, too",
                                                  tag));
            }
        }
    }
}

void read_tags(const sys::ConfigTable& tags, Config& config) {
    for (const auto& [name, table] : tags.tables()) {
        if (!Tag::is_tag(name)) {
            tags.complain(name, "this cannot be a tag");
        }
        table.allow_only({"keep", "min_age", "derive"});
        const auto policy = read_policy(table, config.defaults);
        config.tags.emplace(name, policy);
        if (const auto rules = table.table("derive")) {
            config.derived.emplace(name, read_derivations(name, *rules, policy));
        }
    }
    refuse_clashes(tags, config);
}

std::filesystem::path read_directory(const sys::ConfigTable& table, std::string_view key,
                                     const std::string& text) {
    std::filesystem::path path(text);
    // As text: to compare paths would pass over doubled slashes.
    const bool is_normal = path.lexically_normal().native() == text &&
                           (path.has_filename() || path == path.root_path());
    if (!path.is_absolute() || !is_normal) {
        table.complain(key,
                       "it must be an absolute path without \"..\", doubled or trailing slashes");
    }
    return path;
}

sys::IoClass read_io_class(const sys::ConfigTable& table) {
    const auto text = table.text("io_class").value_or("idle");
    if (text == "best-effort") {
        return sys::IoClass::best_effort;
    }
    if (text != "idle") {
        table.complain("io_class", "it must be \"idle\" or \"best-effort\"");
    }
    return sys::IoClass::idle;
}

Reserve read_reserve(const sys::ConfigTable& table, const Reserve& otherwise) {
    const auto text = table.text("reserve");
    const auto reserve = text ? Reserve::parse(*text) : otherwise;
    if (!reserve) {
        table.complain("reserve",
                       "it must be a share of up to \"50%\" or a size such as \"10GiB\"");
    }
    return *reserve;
}

void read_receiving(const sys::ConfigTable& root, Config& config) {
    constexpr std::uint64_t smallest_segment = 1024 * 1024;  // bytes; less is all overhead
    config.nice = static_cast<int>(root.number("nice", 0, 19).value_or(config.nice));
    config.io_class = read_io_class(root);
    config.trust_changed_snapshots = root.flag("trust_changed_snapshots").value_or(false);
    config.checkpoint_every = root.byte_count("checkpoint_every").value_or(config.checkpoint_every);
    if (config.checkpoint_every < smallest_segment) {
        root.complain("checkpoint_every", "it must be at least \"1MiB\"");
    }
    config.checkpoint_interval = root.duration("checkpoint_interval", std::chrono::seconds{1})
                                     .value_or(config.checkpoint_interval);
    config.reserve = read_reserve(root, config.reserve);
    config.stall_timeout =
        root.duration("stall_timeout", shortest_stall).value_or(config.stall_timeout);
    config.disk_timeout =
        root.duration("disk_timeout", shortest_stall).value_or(config.disk_timeout);
}

std::uint64_t read_count(const sys::ConfigTable& table, std::string_view key, std::int64_t least,
                         std::int64_t most, std::uint64_t otherwise) {
    return static_cast<std::uint64_t>(
        table.number(key, least, most).value_or(static_cast<std::int64_t>(otherwise)));
}

AlarmLimits read_alarm_limits(const sys::ConfigTable& table) {
    constexpr std::int64_t many = 1'000'000'000;
    table.allow_only({"arrivals", "factor", "percent", "files"});
    AlarmLimits limits;
    limits.arrivals = read_count(table, "arrivals", 1, many, limits.arrivals);
    limits.factor = read_count(table, "factor", 1, many, limits.factor);
    limits.share = read_count(table, "percent", 1, 100, limits.share);
    limits.files = read_count(table, "files", 1, many, limits.files);
    return limits;
}

void read_hooks(const sys::ConfigTable& root, Config& config) {
    config.before_receive = root.command("before_receive").value_or(config.before_receive);
    config.after_receive = root.command("after_receive").value_or(config.after_receive);
    config.on_alarm = root.command("on_alarm").value_or(config.on_alarm);
    config.on_alert = root.command("on_alert").value_or(config.on_alert);
    config.max_age = root.duration("max_age", std::chrono::seconds{1});
    config.hook_timeout =
        root.duration("hook_timeout", std::chrono::seconds{1}).value_or(config.hook_timeout);
    if (config.hook_timeout > longest_hook) {
        root.complain("hook_timeout", "it must be at most \"10min\"");
    }
}

}  // namespace

const std::vector<Derivation>& Config::derivations_of(const Tag& tag) const {
    static const std::vector<Derivation> none;
    const auto found = derived.find(tag.text());
    return found == derived.end() ? none : found->second;
}

std::optional<std::string> Config::origin_of(const Tag& tag) const {
    for (const auto& [origin, derivations] : derived) {
        for (const auto& derivation : derivations) {
            if (derivation.tag == tag) {
                return origin;
            }
        }
    }
    return std::nullopt;
}

const RetentionPolicy& Config::policy_of(const Tag& tag) const {
    for (const auto& [origin, derivations] : derived) {
        for (const auto& derivation : derivations) {
            if (derivation.tag == tag) {
                return derivation.policy;
            }
        }
    }
    const auto found = tags.find(tag.text());
    return found == tags.end() ? defaults : found->second;
}

Config load_config(const std::filesystem::path& file) {
    const sys::ConfigFile content(file, sys::ConfigFile::Trust::root_only);
    const auto root = content.root();
    root.allow_only({"target_dir",
                     "mount_point",
                     "nice",
                     "io_class",
                     "checkpoint_every",
                     "checkpoint_interval",
                     "reserve",
                     "stall_timeout",
                     "disk_timeout",
                     "before_receive",
                     "after_receive",
                     "on_alarm",
                     "on_alert",
                     "hook_timeout",
                     "alarm",
                     "mail",
                     "report_file",
                     "max_age",
                     "trust_changed_snapshots",
                     "defaults",
                     "tags"});
    Config config;
    config.file = file;
    config.target_dir = read_directory(root, "target_dir", root.required_text("target_dir"));
    const auto mount_point = root.text("mount_point");
    config.has_mount_point = mount_point.has_value();
    config.mount_point =
        read_directory(root, "mount_point", mount_point.value_or(config.target_dir.native()));
    if (const auto page = root.text("report_file")) {
        config.report_file = read_directory(root, "report_file", *page);
    }
    read_receiving(root, config);
    read_hooks(root, config);
    using enum alert::Kind;
    config.mail = sys::read_mail(root, {alarm, health, monthly}, {alarm, health});
    if (const auto limits = root.table("alarm")) {
        config.alarm = read_alarm_limits(*limits);
    }
    if (const auto defaults = root.table("defaults")) {
        defaults->allow_only({"keep", "min_age"});
        config.defaults = read_policy(*defaults, config.defaults);
    }
    if (const auto tags = root.table("tags")) {
        read_tags(*tags, config);
    }
    return config;
}

}  // namespace snapferry::receive
