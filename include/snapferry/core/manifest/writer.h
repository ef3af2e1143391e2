#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "snapferry/core/manifest/digest.h"
#include "snapferry/core/manifest/entry.h"

namespace snapferry::manifest {

/// What is said of a whole manifest at its end.
struct Summary {
    std::uint64_t entries = 0;
    Digest digest{};  ///< of all before the last line: the tree's digest

    friend bool operator==(const Summary&, const Summary&) = default;
};

/// Makes a manifest's text, entry by entry.
class Writer {
  public:
    using Take = std::function<void(std::string_view text)>;

    /// The first lines go to `take` at once.
    explicit Writer(Take take);

    /// Entries come in the order of stands_before(), the top of the tree first. Throws Failure
    /// (internal) where they do not.
    void add(const Entry& entry);

    /// The last line. Without it the text is not a manifest.
    Summary finish();

  private:
    void put(std::string_view line);

    Take take_;
    Sha256 digest_;
    std::uint64_t entries_ = 0;
    std::string last_path_;
};

/// The last line of a manifest, without its end.
std::string end_line(const Summary& summary);

}  // namespace snapferry::manifest
