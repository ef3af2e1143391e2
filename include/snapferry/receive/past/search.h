#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/past/finds.h"
#include "snapferry/receive/backups/tag_view.h"

namespace snapferry::receive {

/// What a person knows of a path. Without *, ? or [ it is a part of the name; with one, the whole
/// name has to match, as in a shell. With a slash it is about the path instead: one that begins
/// with a slash begins at the top of the backup.
class Pattern {
  public:
    Pattern(std::string_view written, bool ignores_case);

    [[nodiscard]] bool matches(const std::string& path) const;

  private:
    std::string pattern_;
    bool is_about_path_;
    int flags_;
};

/// What matches in these backups (the oldest first): by their manifests where they have one that
/// can be read, and else by walking through them. Throws Failure.
past::Finds search(const TagView& view, const std::vector<Backup>& backups, const Pattern& pattern);

}  // namespace snapferry::receive
