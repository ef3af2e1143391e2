#pragma once

#include <string>

#include "snapferry/core/names/job_identity.h"

namespace snapferry::send {

/// True where an earlier version called the job's receiver so: HOST:PORT.
bool is_address_of(const std::string& receiver, const JobIdentity& job);

}  // namespace snapferry::send
