#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/send/job/job.h"
#include "snapferry/sys/files/config_file.h"

/// What a configuration says of being told: hooks, and the file of numbers. Complaints are Failures
/// that name file, line and key.
namespace snapferry::send {

std::filesystem::path absolute_path(const sys::ConfigTable& table, std::string_view key,
                                    const std::string& text);

/// The hooks of one job, or of all; what it does not say is as `otherwise`.
HookSettings read_hooks(const sys::ConfigTable& table, const HookSettings& otherwise);
HookSettings read_hooks_of_all(const sys::ConfigTable& root);

/// Without an age nothing would ever be known to be young, and a service that waits to be pinged
/// would say that nothing is backed up.
void require_an_age_for_on_fresh(const sys::ConfigTable& table, const HookSettings& hooks);

/// [mail], which tells of all jobs.
std::optional<alert::MailSettings> read_mail_of_all(const sys::ConfigTable& root,
                                                    std::vector<Job>& jobs);

/// One file for the numbers of all jobs.
void read_metrics(const sys::ConfigTable& root, std::vector<Job>& jobs);

}  // namespace snapferry::send
