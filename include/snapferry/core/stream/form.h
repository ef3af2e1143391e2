#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace snapferry::stream {

/// What a snapshot's stream is made of, by age: whoever can take one can take those before it.
/// Unlike the version in the stream's header it says all that makes a repeated send the same.
enum class Form : std::uint8_t {
    v1,
    v2,             ///< larger writes, file attributes, preallocation
    v2_compressed,  ///< and compressed extents as they are on the disk
};

/// "v1", "v2", "v2-compressed": in messages, checkpoints and configurations alike.
std::string_view text_of(Form form);
std::optional<Form> parse_form(std::string_view text);

/// The version in the stream's header.
constexpr std::uint32_t version_of(Form form) {
    return form == Form::v1 ? 1 : 2;
}

/// `newest` and all before it, oldest first.
std::vector<Form> forms_up_to(Form newest);

}  // namespace snapferry::stream
