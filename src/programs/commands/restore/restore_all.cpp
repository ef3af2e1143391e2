#include "restore_all.h"

#include <fmt/format.h>

#include <memory>

#include "../place.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/login/person_login.h"
#include "snapferry/restore/whole/bring_back.h"
#include "snapferry/send/job/config.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/logs/open_log.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

std::string login_of(const RestoreAll& wanted, const Shared& shared) {
    if (const auto login = login_meant(wanted.from, shared)) {
        return *login;
    }
    refuse_usage("--all brings a backup back from another machine: say --from which");
}

std::vector<send::Job> jobs_of(const Shared& shared) {
    return sys::is_there(shared.config) ? send::load_jobs(shared.config) : std::vector<send::Job>{};
}

/// Where the other side ended by itself, what it ended with says more than that it did.
[[noreturn]] void throw_what_happened(const Failure& failure, restore::Conversation& conversation) {
    auto there = ExitCode::done;
    if (failure.code() == ExitCode::connection || failure.code() == ExitCode::protocol) {
        try {
            there = conversation.finish();
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): what broke is known already
        }
    }
    if (there != ExitCode::done && there != ExitCode::connection) {
        throw Failure(there, fmt::format("{} does not give the backup back, as it said",
                                         escape_text(conversation.host())));
    }
    throw Failure(failure);
}

}  // namespace

ExitCode restore_all(const RestoreAll& wanted, const Shared& shared) {
    if (wanted.into.empty() || wanted.as.empty()) {
        refuse_usage(
            "--all needs --into, where the snapshots are, and --as, for a copy to work in");
    }
    sys::require_root("snapshots are root's to make");
    restore::PersonLogin person(parse_person_address(login_of(wanted, shared)));
    std::unique_ptr<restore::Conversation> conversation;
    const auto log = sys::open_log({"snapferry", sys::LogFormat::text, sys::Verbosity::normal});
    const auto reach = [&]() -> restore::Channel {
        conversation = person.ask({"give-back", {wanted.tag, wanted.at}});
        return {conversation->from(), conversation->to()};
    };
    try {
        restore::bring_back({Tag::parse(wanted.tag),
                             person.address().host,
                             {wanted.into, wanted.as},
                             jobs_of(shared),
                             reach},
                            *log);
        return ExitCode::done;  // whatever becomes of the login: nothing more is wanted of it
    } catch (const Failure& failure) {
        if (!conversation) {
            throw;
        }
        throw_what_happened(failure, *conversation);
    }
}

}  // namespace snapferry::commands
