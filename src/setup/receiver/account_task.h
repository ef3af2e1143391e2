#pragma once

#include <memory>
#include <string>

#include "task.h"

namespace snapferry::setup {

/// A user of its own for the sender, whose home is root's: so it cannot change what its key may do.
std::unique_ptr<Task> account_task(const std::string& user);

}  // namespace snapferry::setup
