#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "setup_command.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string tag;
    std::string key;
    std::string key_file;
    bool replace_key = false;
    std::string disk;
    std::string format;
    std::string typed;
    std::string user = "backups";
    std::string keep;
    bool enable_ssh = false;
    bool yes = false;
    bool plan = false;
    bool check = false;
    bool json = false;
};

std::optional<std::string> given(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> key_of(const Options& options) {
    constexpr std::size_t largest = 64 * 1024;  // bytes
    if (options.key_file.empty()) {
        return given(options.key);
    }
    auto text = sys::read_small_file(options.key_file, largest);
    if (!text) {
        throw Failure(ExitCode::configuration,
                      fmt::format("there is no file {}", escape_text(options.key_file)),
                      "--key-file takes the public half of a key: FILE.pub");
    }
    return text;
}

setup::ReceiverWishes wishes_of(const Options& options) {
    setup::ReceiverWishes wishes(Tag::parse(options.tag));
    wishes.user = options.user;
    wishes.key = key_of(options);
    wishes.replace_key = options.replace_key;
    wishes.disk = given(options.disk);
    wishes.keep = given(options.keep);
    wishes.enable_ssh = options.enable_ssh;
    if (!options.format.empty()) {
        wishes.format = setup::FormatWish{options.format, options.typed};
    }
    return wishes;
}

bool is_blocked_at_disk(const setup::Plan& plan) {
    return !plan.steps.empty() && plan.steps.front().name == "filesystem" &&
           plan.steps.front().state == setup::Step::State::blocked;
}

/// Where it is not said on which disk, a person is asked.
void choose_disk(setup::ReceiverWishes& wishes) {
    const auto disks = setup::offered_disks();
    if (disks.empty()) {
        return;
    }
    print("Where are the backups to lie? These disks are here:\n");
    for (const auto& disk : disks) {
        print(fmt::format("  {}\n", disk));
    }
    wishes.disk = given(ask_line("A device, or a directory on a mounted btrfs: "));
}

/// Nothing is erased that a person has not typed the name of.
void confirm_erasing(setup::ReceiverWishes& wishes, const setup::Step& step) {
    const auto device = wishes.format ? wishes.format->device : wishes.disk.value_or("");
    struct stat data {};
    if (::stat(device.c_str(), &data) != 0 || !S_ISBLK(data.st_mode)) {
        return;
    }
    const auto words = setup::words_to_erase(device);
    print(step.why + "\n");
    const auto typed = ask_line(fmt::format(
        "To erase all that is on {}, type {}: ", escape_text(device), escape_text(words)));
    if (typed != words) {
        throw Failure(ExitCode::configuration, "nothing was erased: something else was typed",
                      "run this again");
    }
    wishes.format = setup::FormatWish{device, typed};
}

/// The plan, after a person was asked what it lacks.
setup::Plan planned(setup::ReceiverWishes& wishes, bool may_ask) {
    auto plan = setup::look(wishes);
    if (may_ask && is_blocked_at_disk(plan) && !wishes.disk && !wishes.format) {
        choose_disk(wishes);
        plan = setup::look(wishes);
    }
    if (may_ask && is_blocked_at_disk(plan) &&
        plan.steps.front().advice.find("--format") != std::string::npos) {
        confirm_erasing(wishes, plan.steps.front());
        plan = setup::look(wishes);
    }
    return plan;
}

Json findings_json(const std::vector<Finding>& findings) {
    auto list = Json::array();
    for (const auto& finding : findings) {
        list.push_back({{"state", static_cast<int>(finding.state)}, {"text", finding.text}});
    }
    return list;
}

void print_json(const setup::ReceiverWishes& wishes, const setup::Plan& plan,
                const std::vector<std::string>& was_done, const std::vector<Finding>& findings) {
    const Json json{{"version", 1},
                    {"plan", Json::parse(setup::to_json(plan))},
                    {"done", was_done},
                    {"findings", findings_json(findings)},
                    {"receiver", Json::parse(setup::to_json(setup::receiver_facts(wishes)))}};
    print(safe_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n");
}

/// Exit code 1 where anything is not as it should be.
ExitCode tell_check(const std::vector<Finding>& findings) {
    bool is_well = true;
    for (const auto& finding : findings) {
        const bool is_ok = finding.state == CheckState::ok;
        print(fmt::format("  {:<8} {}\n", is_ok ? "ok" : "not ok", safe_line(finding.text)));
        is_well &= is_ok;
    }
    if (!is_well) {
        throw Failure(ExitCode::configuration, "not all is as it should be",
                      "see the lines that begin with \"not ok\"");
    }
    return ExitCode::done;
}

/// What is to be run at the sender, where its key is not here yet; or what there is to do there.
void tell_what_is_next(const setup::ReceiverWishes& wishes) {
    const auto plan = setup::look(wishes);
    const bool has_key = !plan.steps.empty() && plan.steps.back().state == setup::Step::State::done;
    if (has_key) {
        print(fmt::format("This machine receives {}.\n", wishes.tag.text()));
        return;
    }
    print(fmt::format(
        "At the sender, run this line, with the name or address of this machine where "
        "that is another:\n\n  {}\n\nIt prints the line to run here then, with its key.\n",
        setup::sender_command(setup::receiver_facts(wishes), wishes.tag.text())));
}

ExitCode prove(const setup::ReceiverWishes& wishes) {
    auto code = ExitCode::done;
    for (const auto& finding : setup::check(wishes)) {
        if (finding.state == CheckState::ok) {
            continue;
        }
        print(fmt::format("  not ok   {}\n", safe_line(finding.text)));
        if (finding.state == CheckState::critical) {
            code = ExitCode::configuration;
        }
    }
    return code;
}

ExitCode carry_out(setup::ReceiverWishes& wishes, const Options& options) {
    const auto plan = planned(wishes, has_terminal() && !options.yes && !options.json);
    if (!options.json) {
        print(setup::plan_text(plan));
    }
    refuse_blocked(plan);
    std::vector<std::string> was_done;
    if (has(plan, setup::Step::State::to_do)) {
        require_agreement("Change this machine so?", options.yes);
    } else if (!options.json) {
        print("Nothing is to be changed.\n");
    }
    setup::carry_out(wishes, plan, [&](const setup::Step& step) {
        was_done.push_back(step.name);
        if (!options.json) {
            print(fmt::format("done: {}\n", step.what));
        }
    });
    if (wishes.format) {  // it is erased, or was before
        wishes.disk = wishes.format->device;
        wishes.format = std::nullopt;
    }
    if (options.json) {
        print_json(wishes, plan, was_done, setup::check(wishes));
        return ExitCode::done;
    }
    const auto code = prove(wishes);
    tell_what_is_next(wishes);
    return code;
}

ExitCode set_up(const Options& options) {
    sys::require_root("the set-up of this machine is root's");
    auto wishes = wishes_of(options);
    if (options.plan) {
        const auto plan = planned(wishes, false);
        if (options.json) {
            print_json(wishes, plan, {}, {});
        } else {
            print(setup::plan_text(plan));
        }
        return ExitCode::done;
    }
    if (options.check) {
        const auto findings = setup::check(wishes);
        if (options.json) {
            print_json(wishes, setup::look(wishes), {}, findings);
            return ExitCode::done;
        }
        return tell_check(findings);
    }
    if (options.json && !options.yes) {
        refuse_usage("--json goes with --plan, --check or --yes");
    }
    return carry_out(wishes, options);
}

void declare_options(CLI::App& command, Options& options) {
    command.add_option("TAG", options.tag, "under which the backups are kept")->required();
    auto* const key = command.add_option("--key", options.key, "the sender's public key");
    key->type_name("LINE");
    command.add_option("--key-file", options.key_file, "the same, from a file (FILE.pub)")
        ->type_name("FILE")
        ->excludes(key);
    command.add_flag("--replace-key", options.replace_key, "in the place of this tag's other key");
    command.add_option("--disk", options.disk, "a device, or a directory on a mounted btrfs")
        ->type_name("DEVICE|DIRECTORY");
    command
        .add_option("--format", options.format,
                    "a device to be erased and made the backup disk; what it is called has to be "
                    "typed")
        ->type_name("DEVICE");
    command.add_option("--typed", options.typed, "with --format: what would be typed")
        ->type_name("WORDS");
    command.add_option("--user", options.user, "whom the sender logs in as")
        ->capture_default_str()
        ->type_name("NAME");
    command.add_option("--keep", options.keep, "how many backups are kept: \"7 14d 8w 12m\"")
        ->type_name("WORDS");
    command.add_flag("--enable-ssh", options.enable_ssh, "turn sshd on");
    command.add_flag("--yes", options.yes, "do not ask");
    command.add_flag("--plan", options.plan, "show what would be changed; no more");
    command.add_flag("--check", options.check, "test what is there; change nothing");
    command.add_flag("--json", options.json, "as JSON, with what the sender has to know");
}

}  // namespace

Command declare_setup_receiver(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = setup_command(app).add_subcommand(
        "receiver", "make this machine receive a tag: disk, user, rule of sudo, key");
    declare_options(*command, *options);
    return {command, [options] { return set_up(*options); }};
}

}  // namespace snapferry::commands
