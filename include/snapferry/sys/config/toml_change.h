#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace snapferry::sys {

/// Throws Failure (configuration) unless both texts are TOML, and say the same but for these tables
/// ({"jobs", "home"} is [jobs.home]; {} the keys above all tables). For who has changed a text that
/// people write, before it is put in place: a table that is written in a way that was not thought
/// of ("jobs = {...}") is then left alone. `file` is for the message.
void require_same_but_for(std::string_view before, std::string_view after,
                          const std::vector<std::vector<std::string>>& tables,
                          std::string_view file);

}  // namespace snapferry::sys
