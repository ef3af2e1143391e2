#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "snapferry/core/alert/mail_settings.h"
#include "snapferry/sys/config/config_file.h"

namespace snapferry::sys {

/// [mail] of a configuration, where it has one. `possible`: what this side can tell, of which
/// `usual` is told where `when` is missing. Complains naming file, line and key; the password is
/// not read yet.
std::optional<alert::MailSettings> read_mail(const ConfigTable& root,
                                             const std::set<alert::Kind>& possible,
                                             const std::set<alert::Kind>& usual);

/// The first line of the file, which must be root's, and readable by root alone. Throws Failure
/// (configuration).
std::string read_password(const std::filesystem::path& file);

}  // namespace snapferry::sys
