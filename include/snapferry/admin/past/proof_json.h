#pragma once

#include <span>
#include <string>

#include "snapferry/core/proof/result.h"

namespace snapferry::admin {

/// What came of verifying, for programs.
std::string proof_results_json(std::span<const proof::Result> results);

}  // namespace snapferry::admin
