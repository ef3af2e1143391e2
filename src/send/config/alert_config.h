#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/send/job/job.h"
#include "snapferry/sys/config/config_file.h"

/// What a configuration says of being told: hooks, and the file of numbers. Complaints are Failures
/// that name file, line and key.
namespace snapferry::send {

std::filesystem::path absolute_path(const sys::ConfigTable& table, std::string_view key,
                                    const std::string& text);

/// The hooks of one job, or of all; what it does not say is as `otherwise`.
HookSettings read_hooks(const sys::ConfigTable& table, const HookSettings& otherwise);
HookSettings read_hooks_of_all(const sys::ConfigTable& root);

/// [mail], which tells of all jobs.
std::optional<alert::MailSettings> read_mail_of_all(const sys::ConfigTable& root,
                                                    std::vector<Job>& jobs);

/// One file for the numbers of all jobs.
void read_metrics(const sys::ConfigTable& root, std::vector<Job>& jobs);

}  // namespace snapferry::send
