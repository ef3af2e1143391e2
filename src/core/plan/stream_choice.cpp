#include "snapferry/core/plan/stream_choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"

namespace snapferry {
namespace {

using stream::Form;
using stream::text_of;

Form newest_of(std::span<const Form> forms) {
    return forms.empty() ? Form::v1 : *std::max_element(forms.begin(), forms.end());
}

constexpr std::uint32_t sector = 4096;  // bytes; shorter pieces make no extents

/// bytes; as the kernel's own in v1, and in v2 what the guard of every receiver takes
constexpr std::uint32_t longest_write(Form form) {
    return form == Form::v1 ? 48 * 1024 : 128 * 1024;
}

[[noreturn]] void refuse(Form demanded, const std::string& why) {
    throw Failure(ExitCode::configuration,
                  fmt::format("the stream {} is demanded, but {}", text_of(demanded), why),
                  "let stream be \"auto\"");
}

}  // namespace

StreamChoice choose_stream(std::optional<Form> demanded, Form here, std::span<const Form> there) {
    const auto newest_there = newest_of(there);
    if (demanded) {
        if (*demanded > here) {
            refuse(*demanded, fmt::format("this kernel makes {} at most", text_of(here)));
        }
        if (*demanded > newest_there) {
            refuse(*demanded, fmt::format("the receiver's btrfs-progs take {} at most",
                                          text_of(newest_there)));
        }
        return {*demanded, "it is demanded"};
    }
    if (here < newest_there) {
        return {here, "this kernel makes no newer"};
    }
    if (newest_there < here) {
        return {newest_there, "the receiver's btrfs-progs take no newer"};
    }
    return {here, "the newest that both sides can"};
}

std::optional<std::uint32_t> choose_writes(Form form, bool is_increment,
                                           bool receiver_keeps_outlines) {
    return is_increment || !receiver_keeps_outlines ? std::nullopt
                                                    : std::optional(longest_write(form));
}

bool can_be_filled(Form form, std::uint32_t writes) {
    return writes >= sector && writes <= longest_write(form) && writes % sector == 0;
}

}  // namespace snapferry
