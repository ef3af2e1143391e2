#pragma once

#include <span>
#include <string>
#include <vector>

#include "snapferry/core/names/job_identity.h"

namespace snapferry {

/// A job and what it is called.
struct NamedJob {
    std::string name;
    JobIdentity identity;

    friend bool operator==(const NamedJob&, const NamedJob&) = default;
};

/// What to call each of the jobs before a person and a monitor, in their order: by its name, and
/// where several have one name, by as much of the identity behind it as tells them apart:
/// "home (pi2.lan)".
std::vector<std::string> labels_of(std::span<const NamedJob> jobs);

}  // namespace snapferry
