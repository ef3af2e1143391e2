#include <unistd.h>

#include <CLI/CLI.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/version.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/talk/session.h"
#include "snapferry/sys/processes/program.h"

namespace {

using namespace snapferry;

ExitCode run(int argc, char** argv) {
    CLI::App app{
        "Receives one btrfs snapshot of TAG on standard input, and prunes TAG.\n"
        "Started by snapshot-send over ssh and sudo; configured in " +
            std::string(receive::config_path) + " alone.",
        "snapshot-receive"};
    std::string tag;
    app.add_option("TAG", tag, "the series of snapshots to receive into: [A-Za-z0-9_-]{1,64}");
    app.set_version_flag("--version", name_and_version());
    app.footer(sys::exit_code_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(app.exit(success));
    } catch (const CLI::ParseError&) {
        throw Failure(ExitCode::bad_tag, "the one argument allowed is a TAG");
    }
    const auto parsed = Tag::parse(tag);
    sys::require_root("the backup disk is root's");
    return receive::serve(parsed, receive::config_path, STDIN_FILENO, STDOUT_FILENO);
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapshot-receive", [&] { return run(argc, argv); });
}
