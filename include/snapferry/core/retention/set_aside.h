#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/names/snapshot_name.h"

/// Names for what stands where a new snapshot has to go: nothing is overwritten, it is renamed.
/// Each of them is a snapshot's name too, so that what bears it is listed, counted and pruned; a
/// NAME that is too long for that loses its end.
namespace snapferry {

/// "NAME.replaced-N": a complete copy, after a newer one took its name. A backup like any other.
SnapshotName replaced_name(const SnapshotName& name, unsigned number);

/// "NAME.incomplete-N": a writable remnant of an earlier receive; never deleted, never counted.
SnapshotName incomplete_name(const SnapshotName& name, unsigned number);

/// For a copy too long a name of the form "NAME.replaced-N", as earlier versions made them: the
/// NAME. Nothing for any other text.
std::optional<SnapshotName> name_before_overlong_replacement(std::string_view text);

/// ".arriving.NAME": a new copy that is to take NAME from the one that has it, then the one that
/// had it. The dot keeps it apart from every snapshot's name.
std::string arriving_name(const SnapshotName& name);

/// The NAME in ".arriving.NAME"; nothing where the text is not of that form.
std::optional<SnapshotName> name_of_arriving(std::string_view text);

}  // namespace snapferry
