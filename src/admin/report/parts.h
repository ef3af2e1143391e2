#pragma once

#include <string>
#include <string_view>

#include "snapferry/admin/report/page.h"
#include "snapferry/core/check/check.h"

/// The parts of the page, and what they are made of.
namespace snapferry::admin {

/// How much a page with so many jobs has room for of each.
struct Room {
    std::size_t told = 40;     ///< points of a chart that say what they are
    std::size_t errors = 10;   ///< the last ones
    std::size_t backups = 40;  ///< of a tag, the newest
};
Room room_for(std::size_t jobs_and_tags);

std::string overview_html(const Report& report, WallTime now);
std::string job_html(const JobReport& job, std::size_t number, const Room& room, WallTime now);
std::string tag_html(const TagStatus& tag, const ListedTag* listed, const Room& room, WallTime now);
std::string disk_html(const ReceivingStatus& receiving);

/// The commands that get things back, for that job or that tag.
std::string restore_html(const JobReport& job);
std::string restore_html(const std::string& tag);

/// <dt> and <dd>. `html` is HTML already.
std::string entry(std::string_view title, const std::string& html);

/// What was found, each in the colour that it has. Empty where there is nothing.
std::string findings_html(const std::vector<Finding>& findings);

std::string coloured(CheckState state, const std::string& text);

}  // namespace snapferry::admin
