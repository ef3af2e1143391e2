#include "command_line.h"

#include <fmt/format.h>

#include <memory>

#include "snapferry/core/failure.h"
#include "snapferry/core/version.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::programs {
namespace {

/// CLI11 would show the classic arguments as "[...]".
class HelpText final : public CLI::Formatter {
  public:
    std::string make_usage(const CLI::App*, std::string) const override {
        return "Usage: snapshot-send [OPTIONS] SNAPSHOT_DIR SOURCE_TAG DEST_TAG SSH_KEY "
               "USER@HOST[:PORT]\n"
               "       snapshot-send [OPTIONS] --job NAME | --all | --daemon\n";
    }
};

}  // namespace

void declare(CLI::App& app, SendLine& line) {
    app.formatter(std::make_shared<HelpText>());
    app.add_option("classic", line.classic)->group("");
    app.add_option("--job", line.job, "run this job of the configuration")->type_name("NAME");
    app.add_flag("--all", line.all, "run every job of the configuration");
    app.add_flag("--daemon", line.daemon,
                 "stay, and run the jobs of the configuration when snapshots appear and at times");
    app.add_option("--config", line.config, "the configuration of the jobs")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--known-hosts", line.known_hosts,
                   "the receivers' host keys (default: root's own known_hosts)")
        ->type_name("FILE");
    app.add_option("--state-dir", line.state_dir, "where the history of the runs is kept")
        ->capture_default_str()
        ->type_name("DIRECTORY");
    app.add_option("--protocol", line.protocol, "auto, or raw for a classic receiver")
        ->type_name("PROTOCOL");
    app.add_option("--stream", line.stream, "auto, v1, v2 or v2-compressed: its form")
        ->type_name("FORM");
    app.add_option("--send", line.send,
                   "newest (default), all (every one that the receiver lacks), or \"all up to 30\"")
        ->type_name("WHICH");
    app.add_option("--compress", line.compression,
                   "auto, off or 1 to 19: how hard data is compressed on its way")
        ->type_name("LEVEL");
    app.add_option("--cipher", line.cipher, "auto, aes-gcm or chacha20")->type_name("CIPHER");
    app.add_option("--bandwidth-limit", line.bandwidth_limit,
                   "send no more than this, for example 20MiB/s")
        ->type_name("RATE");
    app.add_option("--parallel", line.parallel, "with --all: jobs to one receiver at once")
        ->type_name("COUNT");
    app.add_option("--retries", line.retries,
                   "how often a broken connection is made again (default: 3)")
        ->type_name("COUNT");
    app.add_flag("--no-pin", line.no_pin,
                 "do not keep a copy of what was sent beside the snapshots");
    app.add_flag("--no-manifest", line.no_manifest,
                 "make no manifest of what was sent, to verify the backup by");
    app.add_flag("--manifest-only", line.run.manifest_only,
                 "send no snapshot, but the manifests that backups lack, while they can be made");
    app.add_flag("--force", line.run.force,
                 "send the newest even if it is at the receiver (also: FORCE_SEND=1)");
    app.add_flag("--incremental-only", line.run.incremental_only, "never send in full");
    app.add_flag("--dry-run", line.run.dry_run,
                 "say what would be sent, from which parent and why, and send nothing");
    app.add_option("--log-format", line.log_format,
                   "auto (the journal under systemd, else text), text, json or journal")
        ->type_name("FORMAT");
    auto* quiet = app.add_flag_callback(
        "--quiet", [&] { line.verbosity = sys::Verbosity::quiet; }, "say nothing but errors");
    app.add_flag_callback(
           "--verbose", [&] { line.verbosity = sys::Verbosity::verbose; }, "say more")
        ->excludes(quiet);
    app.set_version_flag("--version", name_and_version());
    app.footer(sys::exit_code_help());
}

[[noreturn]] void refuse_usage(const std::string& why) {
    throw Failure(ExitCode::configuration, why, "snapshot-send --help shows the usage");
}

void check_forms(const SendLine& line) {
    const int forms = static_cast<int>(!line.classic.empty()) +
                      static_cast<int>(!line.job.empty()) + static_cast<int>(line.all) +
                      static_cast<int>(line.daemon);
    if (forms != 1) {
        refuse_usage(
            "give either the five classic arguments, or --job NAME, or --all, or --daemon");
    }
    if (line.daemon && (line.run.dry_run || line.run.force || line.run.incremental_only)) {
        refuse_usage("--daemon goes with none of --dry-run, --force and --incremental-only");
    }
    if (line.run.manifest_only &&
        (line.daemon || line.no_manifest || line.run.force || line.run.incremental_only)) {
        refuse_usage(
            "--manifest-only goes with none of --daemon, --no-manifest, --force and "
            "--incremental-only");
    }
    constexpr std::size_t classic_arguments = 5;
    if (!line.classic.empty() && line.classic.size() != classic_arguments) {
        refuse_usage(
            fmt::format("the classic form has five arguments, not {}", line.classic.size()));
    }
}

}  // namespace snapferry::programs
