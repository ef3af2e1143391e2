#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace snapferry {

/// The name under which a series of snapshots is kept at the receiver: `[A-Za-z0-9_-]{1,64}`. It
/// becomes a directory name and stands in a sudo rule, so nothing else is allowed.
class Tag {
  public:
    /// Throws Failure (bad_tag) where the text is not a tag.
    static Tag parse(std::string_view text);

    static bool is_tag(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    friend auto operator<=>(const Tag&, const Tag&) = default;

  private:
    explicit Tag(std::string_view text) : text_(text) {}
    std::string text_;
};

}  // namespace snapferry
