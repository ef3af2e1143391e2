#include "snapferry/core/access/account.h"

#include "catch.h"

using namespace snapferry;

namespace {

constexpr auto program = "/usr/local/sbin/snapshot-receive";
constexpr auto key = "ssh-ed25519 AAAA root@nas\n";
constexpr auto good_options =
    R"(restrict,command="sudo -n /usr/local/sbin/snapshot-receive home" )";

SudoGrant grant(const std::string& command) {
    return {{"backups"}, command, false, false};
}

Account account(const std::string& options, const std::string& command) {
    return {"backups",
            998,
            {grant(command)},
            {{"/home/authorized_keys", parse_authorized_keys(options + key), {}}},
            std::nullopt};
}

const std::string good_command = std::string(program) + " home";

std::string all_of(const std::vector<Finding>& findings) {
    return check_text(findings);
}

void check_says(const std::vector<Finding>& findings, CheckState state, const std::string& words) {
    const auto text = all_of(findings);
    INFO(text);
    CHECK(worst_of(findings) == state);
    CHECK(text.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("one key, one forced command and one rule for it are as they should be") {
    check_says(judge_account(account(good_options, good_command), program), CheckState::ok,
               "line 1: this key can only send to home");
}

TEST_CASE("a key with a shell is critical, and the advice is the whole of what to write") {
    check_says(judge_account(account("", good_command), program), CheckState::critical,
               R"(restrict,command="sudo -n /usr/local/sbin/snapshot-receive home")");
    check_says(judge_account(account("restrict ", good_command), program), CheckState::critical,
               "line 1: this key has a shell here");
    // also beside a good one
    auto both = account(good_options, good_command);
    both.key_files.front().keys.push_back({7, std::nullopt, false, {}, true});
    check_says(judge_account(both, program), CheckState::critical, "line 7: this key has a shell");
}

TEST_CASE("where sudo allows several tags, no tag is chosen for the person") {
    auto two = account("", good_command);
    two.grants.push_back(grant(std::string(program) + " music"));
    check_says(judge_account(two, program), CheckState::critical, "snapshot-receive TAG\"");
}

TEST_CASE("a forced command that the client decides on, or that nobody knows, is said") {
    check_says(
        judge_account(account(R"(restrict,command="eval $SSH_ORIGINAL_COMMAND" )", good_command),
                      program),
        CheckState::critical, "what its owner asks for");
    check_says(
        judge_account(account(R"(restrict,command="/usr/local/bin/gate" )", good_command), program),
        CheckState::warning, "/usr/local/bin/gate");
    check_says(judge_account(account(R"(command="unclosed )", good_command), program),
               CheckState::unknown, "not understood");
}

TEST_CASE("a key that may more than its forced command is a warning") {
    check_says(
        judge_account(account(std::string(good_options).substr(std::string("restrict,").size()),
                              good_command),
                      program),
        CheckState::warning, "write restrict,");
    check_says(judge_account(account(std::string("pty,") + good_options, good_command), program),
               CheckState::warning, "is allowed pty");
}

TEST_CASE("a tag or path that sudo has no rule for is told with the rule that is missing") {
    for (const auto* const command :
         {"/usr/local/sbin/snapshot-receive music", "/usr/sbin/snapshot-receive home"}) {
        check_says(judge_account(account(good_options, command), program), CheckState::warning,
                   "backups ALL=(root) NOPASSWD: /usr/local/sbin/snapshot-receive home");
    }
}

TEST_CASE("a sudo rule that allows more than one tag is critical") {
    const auto [command, words] = GENERATE(table<std::string, std::string>({
        {program, "any arguments"},
        {std::string(program) + " *", "a pattern"},
        {std::string(program) + " ^.*$", "a pattern"},
        {"ALL", "run anything"},
        {"/usr/local/sbin/", "a pattern"},
    }));
    check_says(judge_account(account(good_options, command), program), CheckState::critical, words);
}

TEST_CASE("other mistakes in a sudo rule are told") {
    check_says(judge_account(account(good_options, "/usr/bin/apt"), program), CheckState::warning,
               "/usr/bin/apt");
    check_says(judge_account(account(good_options, std::string(program) + " \"\""), program),
               CheckState::warning, "names no tag");
    auto asking = account(good_options, good_command);
    asking.grants.front().asks_for_password = true;
    check_says(judge_account(asking, program), CheckState::warning, "NOPASSWD:");
    asking.grants.front() = {{"backups"}, good_command, false, true};
    check_says(judge_account(asking, program), CheckState::critical, "SETENV");
}

TEST_CASE("without sudo only root's receiver is root") {
    constexpr auto options = R"(restrict,command="/usr/local/sbin/snapshot-receive home" )";
    check_says(judge_account(account(options, good_command), program), CheckState::warning,
               "without sudo");
    Account root{"root", 0, {grant("ALL")}, account(options, good_command).key_files, std::nullopt};
    check_says(judge_account(root, program), CheckState::ok, "only send to home");
    // the administrator's own key is none of a receiver's
    root.key_files.front().keys.push_back({2, std::nullopt, false, {}, true});
    check_says(judge_account(root, program), CheckState::ok, "only send to home");
}

TEST_CASE("sshd's own forced command outdoes those of the keys") {
    auto forced = account("restrict ", good_command);
    forced.forced_by_sshd = "sudo -n " + good_command;
    check_says(judge_account(forced, program), CheckState::ok, "only send to home");
    forced = account(good_options, good_command);
    forced.forced_by_sshd = "eval $SSH_ORIGINAL_COMMAND";
    check_says(judge_account(forced, program), CheckState::critical, "asks for");
}

TEST_CASE("files that others own or may write decide for nobody") {
    const auto [place, state] = GENERATE(table<GuardedPlace, CheckState>({
        {{"/f", 0, 0, 0100644}, CheckState::ok},
        {{"/f", 998, 998, 0100600}, CheckState::ok},
        {{"/f", 0, 0, 0100664}, CheckState::ok},  // the group root is root
        {{"/f", 0, 100, 0100664}, CheckState::critical},
        {{"/f", 0, 0, 0100646}, CheckState::critical},
        {{"/f", 1000, 0, 0100600}, CheckState::critical},
    }));
    auto with_place = account(good_options, good_command);
    with_place.key_files.front().places = {place};
    CHECK(worst_of(judge_account(with_place, program)) == state);
}

TEST_CASE("a file of keys that is given back goes to its user, who must be able to read it") {
    auto strangers = account(good_options, good_command);
    strangers.key_files.front().places = {{"/f", 1000, 0, 0100600}};
    check_says(judge_account(strangers, program), CheckState::critical, "chown backups: /f");
    check_says(judge_places_of_root({{"/f", 998, 0, 0100440}}), CheckState::critical,
               "chown root: /f");
}

TEST_CASE("what sudo goes by is root's alone") {
    CHECK(judge_places_of_root({{"/etc/sudoers", 0, 0, 0100440}}).empty());
    CHECK(judge_places_of_root({{"/etc/sudoers", 998, 0, 0100440}}).size() == 1);
    CHECK(judge_places_of_root({{"/etc/sudoers", 0, 5, 0100460}}).size() == 1);
}

TEST_CASE("the same names in advice are those of the account and the program that is there") {
    CHECK(key_options(program, "home", true) ==
          R"(restrict,command="sudo -n /usr/local/sbin/snapshot-receive home")");
    CHECK(key_options("/usr/sbin/snapshot-receive", "x", false) ==
          R"(restrict,command="/usr/sbin/snapshot-receive x")");
}
