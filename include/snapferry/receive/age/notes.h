#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/age/clock_record.h"

/// What is written down of time on a backup disk: docs/design.md, "Ages". Each file is replaced as
/// a whole, durably; one that is not sound counts as none, and `why` says so.
namespace snapferry::receive {

std::optional<ClockRecord> read_clock(const std::filesystem::path& file, std::string& why);
void write_clock(const std::filesystem::path& file, const ClockRecord& record);

ArrivalBook read_arrivals(const std::filesystem::path& file, std::string& why);
void write_arrivals(const std::filesystem::path& file, const ArrivalBook& book);

}  // namespace snapferry::receive
