#include "alert_config.h"

#include "snapferry/sys/alert/mail_config.h"

namespace snapferry::send {
namespace {

/// A program with its arguments; an empty list is none, even where one is set for all jobs.
HookCommand read_hook(const sys::ConfigTable& table, std::string_view key,
                      const HookCommand& otherwise) {
    auto words = table.texts(key).value_or(otherwise);
    if (!words.empty() && !words.front().starts_with('/')) {
        table.complain(key, "its first word, the program, must be an absolute path");
    }
    return words;
}

}  // namespace

std::filesystem::path absolute_path(const sys::ConfigTable& table, std::string_view key,
                                    const std::string& text) {
    if (text.front() != '/') {
        table.complain(key, "it must be an absolute path");
    }
    return text;
}

HookSettings read_hooks(const sys::ConfigTable& table, const HookSettings& otherwise) {
    HookSettings hooks;
    hooks.before_run = read_hook(table, "before_run", otherwise.before_run);
    hooks.on_success = read_hook(table, "on_success", otherwise.on_success);
    hooks.on_failure = read_hook(table, "on_failure", otherwise.on_failure);
    hooks.on_stale = read_hook(table, "on_stale", otherwise.on_stale);
    hooks.on_fresh = read_hook(table, "on_fresh", otherwise.on_fresh);
    hooks.on_alert = read_hook(table, "on_alert", otherwise.on_alert);
    hooks.timeout =
        table.duration("hook_timeout", std::chrono::seconds{1}).value_or(otherwise.timeout);
    return hooks;
}

HookSettings read_hooks_of_all(const sys::ConfigTable& root) {
    const auto table = root.table("hooks");
    if (!table) {
        return {};
    }
    table->allow_only({"before_run", "on_success", "on_failure", "on_stale", "on_fresh", "on_alert",
                       "hook_timeout", "stale_after", "max_age"});
    return read_hooks(*table, {});
}

std::optional<alert::MailSettings> read_mail_of_all(const sys::ConfigTable& root,
                                                    std::vector<Job>& jobs) {
    using enum alert::Kind;
    auto mail = sys::read_mail(root, {failure, stale, monthly}, {failure, stale});
    for (auto& job : jobs) {
        job.alerts.mail = mail;
    }
    return mail;
}

void read_metrics(const sys::ConfigTable& root, std::vector<Job>& jobs) {
    const auto file = root.text("metrics_file");
    if (!file) {
        return;
    }
    MetricsSettings metrics{absolute_path(root, "metrics_file", *file), {}};
    for (const auto& job : jobs) {
        metrics.jobs.push_back(job.name);
    }
    for (auto& job : jobs) {
        job.alerts.metrics = metrics;
    }
}

}  // namespace snapferry::send
