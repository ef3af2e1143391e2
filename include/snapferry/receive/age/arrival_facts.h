#pragma once

#include <nlohmann/json_fwd.hpp>

#include "snapferry/core/age/arrivals.h"

/// An arrival as it stands in TAG.arrivals, but for its counted time: docs/design.md, "Arrivals".
namespace snapferry::receive {

nlohmann::json facts_of(const Arrival& arrival);

/// Fills in what the object says. What is not as it was written counts as not known: a fact that is
/// lost keeps more, never less.
void read_facts(const nlohmann::json& object, Arrival& arrival);

}  // namespace snapferry::receive
