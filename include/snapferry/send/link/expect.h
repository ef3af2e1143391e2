#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <variant>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::send {

/// The message of the kind that is due. Throws Failure (protocol) for any other: `what` is what it
/// would have told.
template <typename Wanted>
Wanted expect(wire::Message message, std::string_view what) {
    if (auto* wanted = std::get_if<Wanted>(&message)) {
        return std::move(*wanted);
    }
    throw Failure(ExitCode::protocol, fmt::format("the receiver did not say {}", what));
}

}  // namespace snapferry::send
