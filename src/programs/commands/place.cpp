#include "place.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "backups/backups_here.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/login/person_login.h"
#include "snapferry/receive/setup/disk_config.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "surroundings.h"

namespace snapferry::commands {
namespace {

using Logins = std::map<std::string, std::string>;  // by the receiver's name

constexpr std::array options_of_this_machine{"--from", "--here"};

Logins known_logins(const Shared& shared) {
    return sys::is_there(shared.config) ? send::load_logins(shared.config) : Logins{};
}

/// Where it cannot be read, a login that is named needs it not.
Logins known_logins_if_readable(const Shared& shared) {
    try {
        return known_logins(shared);
    } catch (const Failure&) {
        return {};
    }
}

std::optional<std::string> only_login(const Logins& logins) {
    std::set<std::string> different;
    std::string names;
    for (const auto& [name, login] : logins) {
        if (different.insert(login).second) {
            names += (names.empty() ? "" : ", ") + escape_text(name);
        }
    }
    if (different.size() > 1) {
        refuse_usage(fmt::format("say --from which receiver: {}", names));
    }
    return different.empty() ? std::nullopt : std::optional(*different.begin());
}

bool is_of_this_machine(const CLI::Option& option) {
    return std::ranges::any_of(options_of_this_machine,
                               [&](const char* name) { return option.check_name(name); });
}

/// The command line as it was parsed, without what is meant for this machine.
std::vector<std::string> words_of(const CLI::App& command) {
    std::vector<std::string> words{command.get_name()};
    std::vector<std::string> positional;
    for (const auto* const option : command.get_options()) {
        if (option->count() == 0 || is_of_this_machine(*option)) {
            continue;
        }
        const auto& results = option->results();
        if (option->get_positional()) {
            positional.insert(positional.end(), results.begin(), results.end());
        } else if (option->get_items_expected_max() == 0) {
            words.push_back(option->get_name());
        } else {
            for (const auto& value : results) {
                words.push_back(fmt::format("{}={}", option->get_name(), value));
            }
        }
    }
    words.emplace_back("--");
    words.insert(words.end(), positional.begin(), positional.end());
    return words;
}

/// What comes from elsewhere is shown a line at a time, escaped.
class Shown {
  public:
    void take(std::span<const std::byte> bytes) {
        for (const auto byte : bytes) {
            line_ += static_cast<char>(byte);
            if (byte == std::byte{'\n'} || line_.size() == longest) {
                end_line();
            }
        }
        print(held_);
        held_.clear();
    }
    void finish() {
        if (!line_.empty()) {
            end_line();
        }
        print(held_);
    }

  private:
    static constexpr std::size_t longest = std::size_t{64} * 1024 * 1024;  // bytes

    void end_line() {
        const bool is_whole = line_.back() == '\n';
        held_ += safe_line(std::string_view(line_).substr(0, line_.size() - (is_whole ? 1 : 0)));
        held_ += is_whole ? "\n" : "";
        line_.clear();
    }

    std::string line_;
    std::string held_;
};

void show_all(const login::Conversation& conversation) {
    Shown shown;
    std::array<std::byte, std::size_t{64} * 1024> bytes{};
    for (std::size_t count = 1; count > 0;) {
        count = sys::read_some(conversation.from(), bytes, ExitCode::connection,
                               "what the other machine says");
        shown.take(std::span(bytes).first(count));
    }
    shown.finish();
}

/// Said, and not done: the file is the person's.
void say_how_to_leave_it_out(const std::string& login, const Shared& shared) {
    if (::isatty(STDERR_FILENO) == 0 || !sys::is_there(shared.config)) {
        return;
    }
    const auto known = known_logins_if_readable(shared);
    if (std::ranges::none_of(known, [&](const auto& one) { return one.second == login; })) {
        login::show_line(fmt::format(
            "(to leave --from out, write into the [receivers.NAME] of {}: person = \"{}\")",
            shared.config, login));
    }
}

}  // namespace

std::shared_ptr<Place> declare_place(CLI::App& command) {
    auto place = std::make_shared<Place>();
    place->command = &command;
    command
        .add_option("--from", place->from,
                    "at another machine, by your own login there; or a receiver of send.toml that "
                    "has a person")
        ->type_name("USER@HOST");
    command
        .add_option("--disk", place->disk,
                    "on a backup disk that is mounted here, with nothing configured")
        ->type_name("DIRECTORY");
    command.add_flag("--here", place->here, "whatever send.toml says")->group("");
    return place;
}

receive::Config config_of(const Place& place) {
    if (!place.disk.empty()) {
        if (place.here) {  // however it came into the command line that another machine has sent
            refuse_usage("--disk is not taken from another machine");
        }
        return receive::config_of_disk(place.disk);
    }
    if (!sys::is_there(receive::config_path)) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("this machine has no backup disk: there is no {}", receive::config_path),
            "--from USER@HOST asks the machine that has it, --disk DIRECTORY looks at "
            "a disk that is mounted here");
    }
    return config_of_receiver();
}

std::optional<std::string> login_meant(const std::string& named, const Shared& shared) {
    if (!named.empty()) {
        const auto known = known_logins_if_readable(shared);
        const auto found = known.find(named);
        return found == known.end() ? named : found->second;
    }
    return sys::is_there(receive::config_path) ? std::nullopt : only_login(known_logins(shared));
}

std::optional<ExitCode> run_elsewhere(const Place& place, const Shared& shared) {
    if (place.here) {
        return std::nullopt;
    }
    if (!place.disk.empty()) {
        if (!place.from.empty()) {
            refuse_usage("--disk is on this machine, --from asks another");
        }
        return std::nullopt;
    }
    const auto login = login_meant(place.from, shared);
    if (!login) {
        return std::nullopt;
    }
    login::PersonLogin person(parse_person_address(*login));
    const auto conversation = person.ask({"run", words_of(*place.command)});
    conversation->say_no_more();
    (void)::signal(SIGPIPE, SIG_DFL);  // a reader that has seen enough ends it
    show_all(*conversation);
    const auto code = conversation->finish();
    if (code == ExitCode::done) {
        say_how_to_leave_it_out(*login, shared);
    }
    return code;
}

}  // namespace snapferry::commands
