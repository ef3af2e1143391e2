#pragma once

#include <string>
#include <string_view>

namespace snapferry::past {

/// A path within a snapshot as a person writes it ("/photos//a.jpg", "./photos/"), in the form that
/// manifests have: from the top, without dots; empty for the top itself. Throws Failure
/// (configuration) where it has "..", or a NUL.
std::string path_within(std::string_view written);

/// Whether `path` is `top` or lies below it.
bool lies_in(std::string_view path, std::string_view top);

}  // namespace snapferry::past
