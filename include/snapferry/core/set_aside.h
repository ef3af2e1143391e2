#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/snapshot_name.h"

/// Names for what stands where a new snapshot has to go. Nothing is overwritten: it is renamed.
namespace snapferry {

/// "NAME.replaced-N": a complete copy, after a newer copy of the same snapshot has become durable.
std::string replaced_name(const SnapshotName& name, unsigned number);

/// "NAME.incomplete-N": a writable remnant of an earlier receive; never deleted, never counted.
std::string incomplete_name(const SnapshotName& name, unsigned number);

/// The NAME in "NAME.replaced-N"; nothing where the text is not of that form.
std::optional<SnapshotName> name_before_replacement(std::string_view text);

}  // namespace snapferry
