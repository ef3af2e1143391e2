#include <string>

#include "catch.h"
#include "failure_of.h"
#include "keys.h"
#include "snapferry/core/setup/plan.h"
#include "snapferry/core/setup/receiver_facts.h"
#include "snapferry/core/setup/receiver_wishes.h"
#include "snapferry/core/setup/user_name.h"

using namespace snapferry;
using namespace snapferry::setup;
using testing::failure_of;

namespace {

Plan a_plan() {
    return {{{"account", "a user", "/var/lib/backups", {}, Step::State::done, {}, {}},
             {"key", "the key", "authorized_keys", {"+ x"}, Step::State::to_do, {}, {}},
             {"sshd", "sshd runs", "", {}, Step::State::left, "it does not", "turn it on"}},
            {"backups stay"}};
}

ReceiverFacts facts() {
    return {"backups",
            {2222, 22},
            {test_keys::of_ecdsa, std::string(test_keys::first)},
            "/mnt/backups",
            "/usr/sbin/snapshot-receive",
            "pi"};
}

}  // namespace

TEST_CASE("a plan is the same on the other side") {
    CHECK(plan_from_json(to_json(a_plan())) == a_plan());
    CHECK(to_json(a_plan()).find('\n') == std::string::npos);
    CHECK(has(a_plan(), Step::State::left));
    CHECK_FALSE(has(a_plan(), Step::State::blocked));
}

TEST_CASE("a plan is shown with the state of each step, its lines, and what to do") {
    CHECK(plan_text(a_plan()) ==
          "  is so    a user (/var/lib/backups)\n"
          "  to do    the key (authorized_keys)\n"
          "             + x\n"
          "  left     sshd runs\n"
          "           it does not; turn it on\n"
          "  backups stay\n");
}

TEST_CASE("wishes are the same on the other side") {
    ReceiverWishes wishes(Tag::parse("home"));
    CHECK(receiver_wishes_from_json(to_json(wishes)) == wishes);
    wishes.key = test_keys::first;
    wishes.disk = "/dev/sda";
    wishes.format = FormatWish{"/dev/sda", "WX1"};
    wishes.keep = "7 14d";
    wishes.user = "keeper";
    wishes.replace_key = wishes.enable_ssh = true;
    CHECK(receiver_wishes_from_json(to_json(wishes)) == wishes);
    CHECK_NOTHROW(require_sensible(wishes));
}

TEST_CASE("wishes that make no sense are refused before anything is looked at") {
    const auto refused = [](auto change) {
        ReceiverWishes wishes(Tag::parse("home"));
        change(wishes);
        return failure_of([&] { require_sensible(wishes); }).code() == ExitCode::configuration;
    };
    CHECK(refused([](auto& wishes) { wishes.user = "root"; }));
    CHECK(refused([](auto& wishes) { wishes.user = "a b"; }));
    CHECK(refused([](auto& wishes) { wishes.key = "x"; }));
    CHECK(refused([](auto& wishes) { wishes.keep = "7 potatoes"; }));
    CHECK(refused([](auto& wishes) { wishes.disk = "sda"; }));
    CHECK(refused([](auto& wishes) { wishes.format = FormatWish{"sda", ""}; }));
    CHECK(refused([](auto& wishes) {
        wishes.disk = "/dev/sda";
        wishes.format = FormatWish{"/dev/sdb", ""};
    }));
}

TEST_CASE(
    "what a receiver says of itself is the same on the other side, without comments of keys") {
    auto expected = facts();
    expected.host_keys[1] = expected.host_keys[1].substr(0, expected.host_keys[1].rfind(' '));
    CHECK(receiver_facts_from_json(to_json(facts())) == expected);
}

TEST_CASE("what a hostile receiver says of itself is refused") {
    const auto refused = [](auto change) {
        auto hostile = facts();
        change(hostile);
        return failure_of([&] { (void)receiver_facts_from_json(to_json(hostile)); }).code() ==
               ExitCode::protocol;
    };
    CHECK(refused([](auto& facts) { facts.user = "-oProxyCommand=sh"; }));
    CHECK(refused([](auto& facts) { facts.host_keys = {"* ssh-ed25519 AAAA"}; }));
    CHECK(refused([](auto& facts) { facts.host_keys[0] += "\n@cert-authority *"; }));
    CHECK(refused([](auto& facts) { facts.ports = {0}; }));
    CHECK(refused([](auto& facts) { facts.ports = {65536}; }));
    CHECK(refused([](auto& facts) { facts.program = "snapshot-receive"; }));
    CHECK(refused([](auto& facts) { facts.target_dir = "/mnt\nx"; }));
    CHECK(refused([](auto& facts) { facts.host_name = std::string(5000, 'x'); }));
    CHECK(refused([](auto& facts) { facts.host_keys.resize(300, facts.host_keys[0]); }));
}

TEST_CASE("what is no message, or one of another version, is refused") {
    for (const auto& text :
         {std::string(""), std::string("[]"), std::string("{}"),
          std::string(R"({"version":2,"steps":[]})"), std::string(R"({"version":1,"steps":[1]})"),
          std::string(R"({"version":1,"steps":[{"state":"odd"}]})"),
          std::string(R"({"version":1,"steps":{}})"), std::string(300000, ' ')}) {
        CHECK(failure_of([&] { (void)plan_from_json(text); }).code() == ExitCode::protocol);
    }
}

TEST_CASE("the line for the sender names the key that it will ask for, and the port if it is odd") {
    CHECK(sender_command(facts(), "home") ==
          std::string("snapferry setup sender pi --tag home --user backups --port 2222 "
                      "--fingerprint ") +
              test_keys::first_fingerprint);
    auto usual = facts();
    usual.ports = {22};
    CHECK(sender_command(usual, "home").find("--port") == std::string::npos);
}

TEST_CASE("a user's name is one that neither sudo nor a shell takes for anything else") {
    CHECK(is_user_name("backups"));
    CHECK(is_user_name("_b-2"));
    for (const auto* const name : {"", "2b", "-b", "B", "a b", "a,b", "%a", "a.b", "ä",
                                   "abcdefghijabcdefghijabcdefghijabc"}) {
        INFO(name);
        CHECK_FALSE(is_user_name(name));
    }
}
