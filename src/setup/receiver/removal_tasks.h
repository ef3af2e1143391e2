#pragma once

#include <memory>
#include <string>

#include "../steps/task.h"
#include "snapferry/core/names/tag.h"

namespace snapferry::setup {

/// Whose tag it is that goes.
struct Removal {
    Tag tag;
    std::string user;
};

/// `user`: empty for whoever may start the receiver of the tag by sudo's rules, or else the usual
/// one.
Removal removal_of(const Tag& tag, const std::string& user);

std::unique_ptr<Task> key_removal(const Removal& removal);
std::unique_ptr<Task> sudo_removal(const Removal& removal);
std::unique_ptr<Task> configuration_removal(const Removal& removal);

/// The user itself, where nothing else is left for it.
std::unique_ptr<Task> account_removal(const Removal& removal);

}  // namespace snapferry::setup
