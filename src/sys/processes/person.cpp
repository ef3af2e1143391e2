#include "snapferry/sys/processes/person.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "snapferry/core/failure.h"

namespace snapferry::sys {
namespace {

uid_t user_at_work() {
    const auto own = ::getuid();
    const auto* const told = ::getenv("SUDO_UID");  // NOLINT(concurrency-mt-unsafe): nobody sets
    if (own != 0 || told == nullptr) {
        return own;
    }
    const std::string_view text(told);
    uid_t user = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), user);
    return error == std::errc() && end == text.data() + text.size() ? user : own;
}

std::vector<gid_t> groups_of(const passwd& account) {
    int count = 0;
    (void)::getgrouplist(account.pw_name, account.pw_gid, nullptr, &count);
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(account.pw_name, account.pw_gid, groups.data(), &count) < 0) {
        return {account.pw_gid};
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

}  // namespace

Person person_at_work() {
    const auto user = user_at_work();
    const auto* const account = ::getpwuid(user);  // NOLINT(concurrency-mt-unsafe): no threads yet
    if (account == nullptr) {
        throw Failure(ExitCode::configuration, fmt::format("there is no account of user {}", user),
                      "run it as somebody whom this machine knows");
    }
    return {user, account->pw_gid, account->pw_name, account->pw_dir, groups_of(*account)};
}

int become(const Person& person) {
    if (::geteuid() == person.uid) {
        return 0;
    }
    const auto parent = ::getppid();
    if (::setgroups(person.groups.size(), person.groups.data()) != 0 || ::setgid(person.gid) != 0 ||
        ::setuid(person.uid) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        return errno;
    }
    return ::getppid() == parent ? 0 : ESRCH;
}

}  // namespace snapferry::sys
