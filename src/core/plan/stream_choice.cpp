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

}  // namespace snapferry
