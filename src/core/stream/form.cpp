#include "snapferry/core/stream/form.h"

#include <algorithm>
#include <array>

namespace snapferry::stream {
namespace {

constexpr std::array<std::string_view, 3> texts{"v1", "v2", "v2-compressed"};

}  // namespace

std::string_view text_of(Form form) {
    return texts.at(static_cast<std::size_t>(form));
}

std::optional<Form> parse_form(std::string_view text) {
    const auto* const found = std::find(texts.begin(), texts.end(), text);
    return found == texts.end() ? std::nullopt
                                : std::optional(static_cast<Form>(found - texts.begin()));
}

std::vector<Form> forms_up_to(Form newest) {
    std::vector<Form> forms;
    for (std::size_t index = 0; index <= static_cast<std::size_t>(newest); ++index) {
        forms.push_back(static_cast<Form>(index));
    }
    return forms;
}

}  // namespace snapferry::stream
