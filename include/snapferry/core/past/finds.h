#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "snapferry/core/past/versions.h"

namespace snapferry::past {

/// A path that was looked for.
struct Find {
    std::string path;
    Seen newest;  ///< as it was in `last`
    std::size_t backups = 0;
    std::string first;  ///< the backup that arrived first of those that have it
    std::string last;

    friend bool operator==(const Find&, const Find&) = default;
};

/// What was found, over many backups, each path once.
class Finds {
  public:
    static constexpr std::size_t most =
        100'000;  ///< different paths; more are of no use to anybody

    /// In the order of the backups, the oldest first. Throws Failure (configuration) where it is
    /// too much.
    void add(const std::string& backup, const std::string& path, const Seen& seen);

    /// In the order of the paths.
    [[nodiscard]] std::vector<Find> all() const;

  private:
    std::map<std::string, Find> found_;
};

}  // namespace snapferry::past
