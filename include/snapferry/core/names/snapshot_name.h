#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// The name of a snapshot's directory, fit to be a path component, a JSON string and a line of a
/// log: 1 to 200 bytes of UTF-8 without '/', control characters or a leading dot. (200, not 255:
/// it may be needed in a longer one for a while.)
class SnapshotName {
  public:
    static constexpr std::size_t max_size = 200;  // bytes

    /// Nothing where the text is not such a name.
    static std::optional<SnapshotName> parse(std::string_view text);

    /// Why the text is no such name, behind "its name"; empty where it is one.
    static std::string_view fault(std::string_view text);

    /// See carries_tag.
    [[nodiscard]] bool has_tag(std::string_view source_tag) const;

    [[nodiscard]] const std::string& text() const { return text_; }
    friend auto operator<=>(const SnapshotName&, const SnapshotName&) = default;

  private:
    explicit SnapshotName(std::string_view text) : text_(text) {}
    std::string text_;
};

/// True for `...@TAG`: the part of a snapshot's name that rotation puts last. Any bytes.
bool carries_tag(std::string_view name, std::string_view source_tag);

/// What stands behind the last '@'; empty where there is none.
std::string_view tag_in(std::string_view name);

}  // namespace snapferry
