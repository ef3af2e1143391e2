#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "../backups/backups_here.h"
#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/asking/request.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sender/talk.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/files/give_files.h"
#include "snapferry/restore/whole/give_back.h"
#include "snapferry/setup/pair/answer_setup.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/logs/open_log.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/processes/same_program.h"

namespace snapferry::commands {
namespace {

/// Not a byte more than the line: what follows is for what is asked.
std::string read_line() {
    std::string line;
    std::byte byte{};
    while (sys::read_some(STDIN_FILENO, std::span(&byte, 1), ExitCode::protocol, "what is asked") ==
           1) {
        if (byte == std::byte{'\n'}) {
            return line;
        }
        line += static_cast<char>(byte);
        if (line.size() > asking::longest_line) {
            throw Failure(ExitCode::protocol, "what is asked is too long");
        }
    }
    throw Failure(ExitCode::protocol, "nothing was asked",
                  "this is for snapferry at another machine: see --from in snapferry(8)");
}

ExitCode run_what_looks(const asking::Request& request) {
    if (const auto why = asking::why_not_to_run(request.words)) {
        throw Failure(ExitCode::protocol, *why, "log in and run it there");
    }
    auto words = request.words;
    words.insert(words.begin() + 1, "--here");  // or two machines would ask each other for ever
    sys::run_same_program("snapferry", std::move(words));
}

/// A whole backup, in a conversation of its own.
ExitCode give_back(const asking::Request& request) {
    constexpr std::size_t tag_and_backup = 2;
    if (request.words.size() != tag_and_backup) {
        throw Failure(ExitCode::protocol, "a backup is asked for in words that are not known",
                      "install the same version at both ends");
    }
    const auto log = sys::open_log({"snapferry", sys::LogFormat::text, sys::Verbosity::quiet});
    return restore::give_back(config_of_receiver(),
                              {Tag::parse(request.words[0]), request.words[1]}, STDIN_FILENO,
                              STDOUT_FILENO, *log);
}

/// Files of a backup, in a conversation of its own.
ExitCode give_files(const asking::Request& request) {
    constexpr std::size_t tag_and_backup = 2;
    const auto& words = request.words;
    if (words.size() < tag_and_backup) {
        throw Failure(ExitCode::protocol, "files are asked for in words that are not known",
                      "install the same version at both ends");
    }
    const auto config = config_of_receiver();
    const auto tag = tags_meant(config, Tag::parse(words[0]).text()).front();
    restore::give_files(config,
                        {tag.text(), words[1], {words.begin() + tag_and_backup, words.end()}},
                        STDIN_FILENO, STDOUT_FILENO);
    return ExitCode::done;
}

/// The line feed before it ends whatever a login script has left without one.
ExitCode answer(bool sets_up) {
    sys::require_root("the backups are root's");
    print(fmt::format("\n{}\n", asking::greeting));
    const auto request = asking::parse_request(read_line());
    if (sets_up != (request.what == setup::setup_request)) {
        throw Failure(ExitCode::protocol,
                      "what is asked goes by another command: a rule of sudo for the one must not "
                      "allow the other",
                      "install the same version at both ends");
    }
    if (request.what == "run") {
        return run_what_looks(request);
    }
    if (request.what == "give-back") {
        return give_back(request);
    }
    if (request.what == "files") {
        return give_files(request);
    }
    if (request.what == setup::setup_request) {
        setup::answer_setup(STDIN_FILENO, STDOUT_FILENO);
        return ExitCode::done;
    }
    throw Failure(ExitCode::protocol,
                  fmt::format("this snapferry cannot answer \"{}\"", escape_text(request.what)),
                  "install the same version at both ends");
}

}  // namespace

Command declare_answer(CLI::App& app, const Shared& /*shared*/) {
    const auto word = std::make_shared<std::string>();
    auto* const command =
        app.add_subcommand("answer", "for snapferry at another machine: what that asks for");
    command->add_option("WHAT", *word)->check(CLI::IsMember({setup::setup_request}));
    command->group("");  // nobody types it
    return {command, [word] { return answer(!word->empty()); }};
}

}  // namespace snapferry::commands
