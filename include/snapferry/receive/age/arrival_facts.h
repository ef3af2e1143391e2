#pragma once

#include <nlohmann/json_fwd.hpp>

#include "snapferry/core/age/arrivals.h"

/// An arrival as it stands in TAG.arrivals, but for its counted time: docs/design.md, "Arrivals".
namespace snapferry::receive {

/// What a stream did to files, as a list of numbers; nothing where it is not as it was written.
nlohmann::json json_of(const stream::ChangeCount& changes);
std::optional<stream::ChangeCount> changes_in(const nlohmann::json& list);

nlohmann::json facts_of(const Arrival& arrival);

/// Fills in what the object says. What is not as it was written counts as not known: a fact that is
/// lost keeps more, never less.
void read_facts(const nlohmann::json& object, Arrival& arrival);

}  // namespace snapferry::receive
