#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "snapferry/core/stream/format.h"

namespace snapferry::stream {

/// What the value of an attribute may be. Which bytes each kind takes is in value_check.
enum class ValueKind : std::uint8_t {
    uuid,
    number32,     ///< le32, any
    number64,     ///< le64, any
    offset,       ///< le64 that a file's offset or size can be (at most 2^63 - 1)
    permissions,  ///< le64, the bits of chmod
    file_mode,    ///< le64, permissions and the type of file
    device,       ///< le64 in the kernel's 32-bit form of a device number
    owner,        ///< le64, a user or group id; not -1, which chown takes for "as it was"
    time,         ///< le64 seconds, le32 nanoseconds; seconds before 1970 too
    any_time,     ///< the same, but nothing acts on it
    path,         ///< below the subvolume's root
    path_or_root,
    subvolume_name,
    link_target,
    xattr_name,
    xattr_value,
    data,
};

struct AttributeRule {
    AttributeType type{};
    ValueKind kind{};
    bool required = true;
};

/// The attributes of one command, as the kernel's send.c writes it.
class CommandRule {
  public:
    constexpr CommandRule() = default;
    constexpr CommandRule(std::initializer_list<AttributeRule> rules) {
        for (const auto& rule : rules)
            rules_[count_++] = rule;
    }

    [[nodiscard]] constexpr std::span<const AttributeRule> attributes() const {
        return std::span{rules_}.first(count_);
    }

  private:
    std::array<AttributeRule, max_attributes> rules_{};
    std::size_t count_ = 0;
};

/// The rule of a command that is_known().
const CommandRule& rule_of(CommandType type);

}  // namespace snapferry::stream
