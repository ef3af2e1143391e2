#include "snapferry/send/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "age_config.h"
#include "alert_config.h"
#include "calendar_config.h"
#include "local_config.h"
#include "rotation_config.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/person_address.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/transfer/compression_tuning.h"
#include "snapferry/core/transfer/throttle.h"
#include "snapferry/sys/config/config_file.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {
namespace {

/// A host, user or program that another program could take for an option or a shell for syntax.
void require_plain(const sys::ConfigTable& table, std::string_view key, const std::string& text) {
    const auto is_plain = [](char character) {
        constexpr std::string_view others = "._-:%/@";
        return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
               others.find(character) != std::string_view::npos;
    };
    if (text.front() == '-' || !std::all_of(text.begin(), text.end(), is_plain)) {
        table.complain(
            key, fmt::format("\"{}\" has a character that is not allowed here", escape_text(text)));
    }
}

std::string plain_text(const sys::ConfigTable& table, std::string_view key,
                       const std::string& text) {
    require_plain(table, key, text);
    return text;
}

/// Lets `parse` judge the text; what it throws becomes a complaint about the key.
template <typename Parse>
auto parsed(const sys::ConfigTable& table, std::string_view key, std::string_view otherwise,
            Parse parse) {
    try {
        return parse(table.text(key).value_or(std::string(otherwise)));
    } catch (const Failure& failure) {
        if (failure.hint().empty()) {
            throw;
        }
        table.complain(key, failure.hint());
    }
}

std::optional<std::uint64_t> read_bandwidth_limit(const sys::ConfigTable& table) {
    const auto text = table.text("bandwidth_limit");
    if (!text) {
        return std::nullopt;
    }
    const auto rate = parse_rate(*text);
    if (!rate) {
        table.complain("bandwidth_limit",
                       "it must be a rate such as \"512KiB/s\" or \"20MiB/s\", from \"1KiB/s\" on");
    }
    return rate;
}

ssh::Destination read_destination(const sys::ConfigTable& table) {
    ssh::Destination destination;
    destination.host = plain_text(table, "host", table.required_text("host"));
    destination.port = static_cast<unsigned>(table.number("port", 1, 65535).value_or(22));
    destination.user = plain_text(table, "user", table.required_text("user"));
    if (const auto key = table.text("key")) {
        destination.key_file = absolute_path(table, "key", *key);
    }
    if (const auto file = table.text("known_hosts")) {
        destination.known_hosts_file = absolute_path(table, "known_hosts", *file);
    }
    destination.connect_timeout = table.duration("connect_timeout", std::chrono::seconds{1})
                                      .value_or(destination.connect_timeout);
    destination.stall_timeout = table.duration("stall_timeout", std::chrono::seconds{10})
                                    .value_or(destination.stall_timeout);
    return destination;
}

/// The job's own, or its receiver's.
std::filesystem::path read_key(const sys::ConfigTable& job, const std::string& receiver,
                               const std::filesystem::path& of_receiver) {
    if (const auto key = job.text("key")) {
        return absolute_path(job, "key", *key);
    }
    if (of_receiver.empty()) {
        job.complain("key", fmt::format("this key is missing, here or in [receivers.{}]",
                                        escape_text(receiver)));
    }
    return of_receiver;
}

std::string read_person(const sys::ConfigTable& table) {
    auto person = table.text("person").value_or("");
    if (!person.empty()) {
        try {
            (void)parse_person_address(person);
        } catch (const Failure& failure) {
            table.complain("person", failure.what());
        }
    }
    return person;
}

Receiver read_receiver(const sys::ConfigTable& table) {
    if (auto local = read_local_receiver(table)) {
        return std::move(*local);
    }
    table.allow_only({"local", "host", "port", "user", "key", "known_hosts", "program",
                      "connect_timeout", "stall_timeout", "cipher", "compress", "bandwidth_limit",
                      "parallel", "person", "retry_for"});
    (void)read_person(table);
    Receiver receiver;
    receiver.destination = read_destination(table);
    receiver.program =
        plain_text(table, "program", table.text("program").value_or(receiver.program));
    receiver.cipher = parsed(table, "cipher", "auto", parse_cipher_setting);
    receiver.compression = parsed(table, "compress", "auto", parse_compression_setting);
    receiver.bandwidth_limit = read_bandwidth_limit(table);
    receiver.retry_for = table.duration("retry_for").value_or(receiver.retry_for);
    receiver.parallel = static_cast<unsigned>(
        table.number("parallel", 1, most_parallel).value_or(receiver.parallel));
    return receiver;
}

Protocol read_protocol(const sys::ConfigTable& table) {
    const auto text = table.text("protocol").value_or("auto");
    if (text == "raw") {
        return Protocol::raw;
    }
    if (text != "auto") {
        table.complain("protocol", "it must be \"auto\" or \"raw\"");
    }
    return Protocol::automatic;
}

Tag read_dest_tag(const sys::ConfigTable& table) {
    const auto text = table.required_text("dest_tag");
    if (!Tag::is_tag(text)) {
        table.complain("dest_tag", "a tag has 1 to 64 of the characters A-Z a-z 0-9 _ -");
    }
    return Tag::parse(text);
}

std::string read_source_tag(const sys::ConfigTable& table) {
    try {
        return parse_source_tag(table.required_text("source_tag"));
    } catch (const Failure& failure) {
        if (failure.code() != ExitCode::bad_tag) {
            throw;
        }
        table.complain("source_tag", failure.what());
    }
}

std::optional<QuietWindow> read_window(const sys::ConfigTable& table) {
    const auto text = table.text("window");
    const auto window = text ? QuietWindow::parse(*text) : std::nullopt;
    if (text && !window) {
        table.complain("window", "it must be two times of the day such as \"01:00-07:00\"");
    }
    return window;
}

Schedule read_schedule(const sys::ConfigTable& table, sys::CalendarJudge& calendars) {
    constexpr std::chrono::seconds shortest{60};
    Schedule schedule;
    schedule.on_change = table.flag("on_change").value_or(schedule.on_change);
    schedule.settle = table.duration("settle", std::chrono::seconds{1}).value_or(schedule.settle);
    schedule.every = table.duration("every", shortest);
    schedule.calendar = read_calendar(table, calendars);
    schedule.jitter = table.duration("jitter").value_or(schedule.jitter);
    schedule.window = read_window(table);
    return schedule;
}

bool read_nested(const sys::ConfigTable& table) {
    const auto text = table.text("nested").value_or("warn");
    if (text != "warn" && text != "ignore") {
        table.complain("nested", "it must be \"warn\" or \"ignore\"");
    }
    return text == "warn";
}

void read_manifest(const sys::ConfigTable& table, Job& job) {
    if (!table.has_text("manifest")) {
        job.manifest = table.flag("manifest").value_or(job.manifest);
        return;
    }
    if (table.text("manifest") != "received") {
        table.complain("manifest", "it must be true, false or \"received\"");
    }
    job.makes_manifests = false;
}

/// What a job does that does not say it itself: [defaults].
struct JobDefaults {
    SendScope send{};
    std::optional<std::chrono::seconds> max_age{};
};

SendScope read_send_scope(const sys::ConfigTable& table, const SendScope& otherwise) {
    return table.text("send") ? parsed(table, "send", "", parse_send_scope) : otherwise;
}

JobDefaults read_defaults(const sys::ConfigTable& root) {
    JobDefaults defaults;
    if (const auto table = root.table("defaults")) {
        table->allow_only({"max_age", "send"});
        defaults.send = read_send_scope(*table, defaults.send);
    }
    defaults.max_age = read_max_age_of_all(root);
    return defaults;
}

Job read_job(const std::string& name, const sys::ConfigTable& table,
             const std::map<std::string, Receiver>& receivers, const HookSettings& hooks,
             const JobDefaults& defaults, sys::CalendarJudge& calendars) {
    constexpr std::int64_t most_retries = 100;
    table.allow_only({"snapshot_dir", "source_tag", "dest_tag", "to",       "protocol",
                      "stream",       "pin",        "nested",   "retries",  "on_change",
                      "settle",       "every",      "calendar", "jitter",   "window",
                      "on_success",   "on_failure", "on_stale", "on_fresh", "hook_timeout",
                      "stale_after",  "manifest",   "key",      "max_age",  "send",
                      "on_alert",     "before_run", "retry_for"});
    const auto to = table.required_text("to");
    const auto receiver = receivers.find(to);
    if (receiver == receivers.end()) {
        table.complain("to", fmt::format("there is no [receivers.{}]", escape_text(to)));
    }
    Job job{name, absolute_path(table, "snapshot_dir", table.required_text("snapshot_dir")),
            read_source_tag(table), read_dest_tag(table), receiver->second};
    if (job.receiver.is_local()) {
        require_nothing_of_ssh(table);
    } else {
        job.receiver.destination.key_file =
            read_key(table, to, receiver->second.destination.key_file);
    }
    job.protocol = read_protocol(table);
    job.stream = parsed(table, "stream", "auto", parse_stream_setting);
    job.send = read_send_scope(table, defaults.send);
    job.pin = table.flag("pin").value_or(job.pin);
    read_manifest(table, job);
    job.tells_of_nested = read_nested(table);
    job.schedule = read_schedule(table, calendars);
    job.retries =
        static_cast<unsigned>(table.number("retries", 0, most_retries).value_or(job.retries));
    job.max_age = read_max_age(table, defaults.max_age);
    job.retry_for = table.duration("retry_for").value_or(job.receiver.retry_for);
    job.alerts.hooks = read_hooks(table, hooks);
    return job;
}

/// Two into one tag of one receiver would prune each other's backups.
void require_tag_of_its_own(const sys::ConfigTable& table, const Job& job,
                            const std::vector<Job>& before) {
    const auto identity = identity_of(job);
    const auto other = std::find_if(before.begin(), before.end(), [&](const Job& one) {
        return identity_of(one).shares_tag_with(identity);
    });
    if (other != before.end()) {
        table.complain("dest_tag",
                       fmt::format("[jobs.{}] and [jobs.{}] would both go into {} at {}, and prune "
                                   "each other's backups there: give each a tag of its own",
                                   escape_text(other->name), escape_text(job.name),
                                   identity.dest_tag, identity.address()));
    }
}

void introduce(std::vector<Job>& jobs) {
    for (auto& job : jobs) {
        const auto identity = identity_of(job);
        for (const auto& other : jobs) {
            const auto others = identity_of(other);
            if (others.snapshot_dir == identity.snapshot_dir && others != identity) {
                job.others_here.insert(others.file_name());
                if (others.address() == identity.address()) {
                    job.beside.emplace(others.source_tag, others.dest_tag);
                }
            }
        }
    }
}

}  // namespace

SendConfig load_config(const std::filesystem::path& file) {
    const sys::ConfigFile content(file, sys::ConfigFile::Trust::root_only);
    const auto root = content.root();
    root.allow_only({"max_jobs", "defaults", "receivers", "jobs", "hooks", "mail", "metrics_file",
                     "report_file", "snapshots"});
    SendConfig config;
    config.written = sys::last_written(file);
    config.max_jobs =
        static_cast<std::size_t>(root.number("max_jobs", 1, most_parallel)
                                     .value_or(static_cast<std::int64_t>(config.max_jobs)));
    if (const auto page = root.text("report_file")) {
        config.report_file = absolute_path(root, "report_file", *page);
    }
    const auto hooks = read_hooks_of_all(root);
    const auto defaults = read_defaults(root);
    std::map<std::string, Receiver> receivers;
    if (const auto tables = root.table("receivers")) {
        for (const auto& [name, table] : tables->tables()) {
            receivers.emplace(name, read_receiver(table));
        }
    }
    sys::CalendarJudge calendars;
    if (const auto tables = root.table("jobs")) {
        for (const auto& [name, table] : tables->tables()) {
            auto job = read_job(name, table, receivers, hooks, defaults, calendars);
            require_tag_of_its_own(table, job, config.jobs);
            config.jobs.push_back(std::move(job));
        }
    }
    config.rotations = read_rotations(root, hooks, calendars);
    read_metrics(root, config.jobs);
    config.mail = read_mail_of_all(root, config.jobs);
    config.hooks = hooks;
    for (auto& rotation : config.rotations) {
        rotation.tells_once = tells_once({hooks, {}, config.mail});
    }
    introduce(config.jobs);
    return config;
}

bool tells_once(const SendConfig& config) {
    return config.mail || !config.hooks.on_alert.empty() ||
           std::any_of(config.jobs.begin(), config.jobs.end(),
                       [](const Job& job) { return tells_once(job.alerts); });
}

std::map<std::string, std::string> load_logins(const std::filesystem::path& file) {
    const sys::ConfigFile content(file, sys::ConfigFile::Trust::root_only);
    std::map<std::string, std::string> logins;
    if (const auto tables = content.root().table("receivers")) {
        for (const auto& [name, table] : tables->tables()) {
            if (auto person = read_person(table); !person.empty()) {
                logins.emplace(name, std::move(person));
            }
        }
    }
    return logins;
}

std::vector<Job> load_jobs(const std::filesystem::path& file) {
    return load_config(file).jobs;
}

}  // namespace snapferry::send
