#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace snapferry::sys {

/// Somebody with an account on this machine.
struct Person {
    uid_t uid = 0;
    gid_t gid = 0;
    std::string name;
    std::filesystem::path home;
    std::vector<gid_t> groups;
};

/// Who started this program: by sudo, who called sudo (SUDO_UID); or else its user. Throws Failure
/// (configuration) where there is no such account.
Person person_at_work();

/// Makes the calling process the person's, for good, and keeps it from outliving its parent (which
/// a change of user undoes). Nothing where it is already. Returns 0 or an errno value. For the
/// child, before its program.
int become(const Person& person);

}  // namespace snapferry::sys
