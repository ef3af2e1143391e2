#include "snapferry/restore/drill/scratch_directory.h"

#include <stdlib.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::restore {

ScratchDirectory::ScratchDirectory(const std::filesystem::path& place) {
    auto name = (place / "snapferry-drill-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) {
        throw sys::system_failure(ExitCode::directory_missing,
                                  "make a directory in " + escape_text(place.native()));
    }
    path_ = name;
}

/// What is left of it is in the way of nothing.
ScratchDirectory::~ScratchDirectory() {
    try {
        sys::delete_tree(path_, ExitCode::internal);
    } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): a destructor
    }
}

}  // namespace snapferry::restore
