#include "restore_all.h"

#include <fmt/format.h>

#include <memory>

#include "../place.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/login/person_login.h"
#include "snapferry/restore/whole/bring_back.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/logs/open_log.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

std::string login_of(const RestoreFiles& line, const Shared& shared) {
    if (const auto login = login_meant(line.place->from, shared)) {
        return *login;
    }
    refuse_usage("--all brings a backup back from another machine: say --from which");
}

void require_all_that_is_needed(const RestoreAll& wanted, const RestoreFiles& line) {
    if (wanted.into.empty() || wanted.as.empty()) {
        refuse_usage(
            "--all needs --into, where the snapshots are, and --as, for a copy to work in");
    }
    if (!line.paths.empty() || !line.to.empty() || !line.place->disk.empty() || line.dry_run) {
        refuse_usage("--all goes with none of PATH, --to, --disk and --dry-run");
    }
}

std::vector<send::Job> jobs_of(const Shared& shared) {
    return sys::is_there(shared.config) ? send::load_jobs(shared.config) : std::vector<send::Job>{};
}

}  // namespace

std::shared_ptr<RestoreAll> declare_restore_all(CLI::App& command) {
    auto all = std::make_shared<RestoreAll>();
    command.add_flag("--all", all->is_meant,
                     "the whole backup, from another machine: a snapshot that the next backup goes "
                     "on from, and a copy of it to work in");
    command
        .add_option("--into", all->into, "with --all: the directory of this machine's snapshots")
        ->type_name("DIR");
    command.add_option("--as", all->as, "with --all: where the copy is made")->type_name("DIR");
    return all;
}

ExitCode restore_all(const RestoreAll& wanted, const RestoreFiles& line, const Shared& shared) {
    require_all_that_is_needed(wanted, line);
    sys::require_root("snapshots are root's to make");
    login::PersonLogin person(parse_person_address(login_of(line, shared)));
    std::unique_ptr<login::Conversation> conversation;
    const auto log = sys::open_log({"snapferry", sys::LogFormat::text, sys::Verbosity::normal});
    const auto reach = [&]() -> restore::Channel {
        conversation = person.ask({"give-back", {line.tag, line.at}});
        return {conversation->from(), conversation->to()};
    };
    try {
        restore::bring_back({Tag::parse(line.tag),
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
        login::throw_what_happened(failure, *conversation, "the backup back");
    }
}

}  // namespace snapferry::commands
