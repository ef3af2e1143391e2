#include "snapferry/login/person_login.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sender/talk.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/login/first_answer.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/processes/process.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::login {
namespace {

/// What the person's own configuration may say otherwise, and must not here: it is one command that
/// runs, over a clean channel, and nothing is left behind.
constexpr std::array own_options{"-T",
                                 "-x",
                                 "-a",
                                 "-oRemoteCommand=none",
                                 "-oClearAllForwardings=yes",
                                 "-oControlMaster=no",
                                 "-oPermitLocalCommand=no",
                                 "-oEscapeChar=none",
                                 "-oServerAliveInterval=15",
                                 "-oServerAliveCountMax=8"};

/// What changes that machine is another command, which a rule of sudo for the other does not allow.
std::string_view answerer_of(const asking::Request& request) {
    return request.what == setup::setup_request ? "snapferry answer setup" : "snapferry answer";
}

std::vector<std::string> arguments_for(const PersonAddress& address, std::string_view answerer) {
    std::vector<std::string> arguments(own_options.begin(), own_options.end());
    if (address.port) {
        arguments.insert(arguments.end(), {"-p", std::to_string(*address.port)});
    }
    arguments.insert(arguments.end(), {"--", address.destination,
                                       fmt::format("sudo -S -p {} {}", prompt_of_sudo, answerer)});
    return arguments;
}

/// What ssh looks for; of the rest of the environment nothing.
std::vector<std::string> environment_of(const sys::Person& person) {
    std::vector<std::string> environment{"HOME=" + person.home.native(), "USER=" + person.name,
                                         "LOGNAME=" + person.name};
    for (const auto* const name :
         {"SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "KRB5CCNAME", "TERM"}) {
        if (const auto* const value = ::getenv(name)) {  // NOLINT(concurrency-mt-unsafe)
            environment.push_back(fmt::format("{}={}", name, value));
        }
    }
    return environment;
}

std::filesystem::path ssh_program() {
    try {
        return sys::find_program("ssh");
    } catch (const Failure&) {
        throw Failure(ExitCode::configuration, "the program ssh is not installed",
                      "install the package openssh-client");
    }
}

void write_line(const Conversation& conversation, const std::string& line) {
    sys::write_all(conversation.to(), std::as_bytes(std::span(line)), ExitCode::connection,
                   "to " + escape_text(conversation.host()));
    constexpr std::array end{std::byte{'\n'}};
    sys::write_all(conversation.to(), end, ExitCode::connection,
                   "to " + escape_text(conversation.host()));
}

}  // namespace

PersonLogin::PersonLogin(PersonAddress address)
    : address_(std::move(address)), person_(sys::person_at_work()) {
    (void)::signal(SIGPIPE, SIG_IGN);
}

std::unique_ptr<Conversation> PersonLogin::ask(const asking::Request& request) {
    auto conversation = log_in(answerer_of(request));
    await_greeting(*conversation, [&](bool again) { give_password(*conversation, again); });
    conversation->show_what_is_told();
    write_line(*conversation, asking::line_of(request));
    return conversation;
}

ClientSettings PersonLogin::client_settings() const {
    constexpr std::chrono::seconds patience{30};  // a program may be asked by the configuration
    constexpr std::size_t most_said = std::size_t{256} * 1024;  // bytes
    sys::Command command;
    command.program = ssh_program();
    command.arguments = {"-G"};
    if (address_.port) {
        command.arguments.insert(command.arguments.end(), {"-p", std::to_string(*address_.port)});
    }
    command.arguments.insert(command.arguments.end(), {"--", address_.destination});
    command.standard_error = sys::UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    command.environment = environment_of(person_);
    command.prepare = [this] { return sys::become(person_); };
    const auto end = sys::run_within(std::move(command), patience, most_said);
    if (!end.status || !end.status->is_success()) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("ssh does not say how it reaches {}", escape_text(address_.host)),
            fmt::format("see what this says: ssh -G {}", escape_text(address_.destination)));
    }
    return parse_client_settings(end.said);
}

std::unique_ptr<Conversation> PersonLogin::log_in(std::string_view answerer) const {
    auto to = sys::Pipe::make();
    auto from = sys::Pipe::make();
    auto told = sys::Pipe::make();
    sys::Command command;
    command.program = ssh_program();
    command.arguments = arguments_for(address_, answerer);
    command.standard_input = std::move(to.read_end);
    command.standard_output = std::move(from.write_end);
    command.standard_error = std::move(told.write_end);
    command.environment = environment_of(person_);
    command.prepare = [this] { return sys::become(person_); };
    return std::make_unique<Conversation>(sys::Process::start(std::move(command)),
                                          std::move(to.write_end), std::move(from.read_end),
                                          std::move(told.read_end), address_.host);
}

/// A remembered one is given once: sudo asks again where it does not take it.
void PersonLogin::give_password(const Conversation& conversation, bool again) {
    if (again || password_.text().empty()) {
        password_ = sys::ask_for_secret(
            fmt::format("password for sudo at {}: ", escape_text(address_.host)));
    }
    write_line(conversation, password_.text());
}

}  // namespace snapferry::login
