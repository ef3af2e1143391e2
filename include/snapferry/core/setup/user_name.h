#pragma once

#include <string_view>

namespace snapferry::setup {

/// True for a name that useradd takes and sudoers needs no quotes for: `[a-z_][a-z0-9_-]{0,31}`.
bool is_user_name(std::string_view text);

}  // namespace snapferry::setup
