#include "snapferry/core/access/sudo_rules.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using namespace snapferry;

namespace {

/// As cvtsudoers 1.9.13 writes it.
constexpr auto rules = R"({
    "Defaults": [ { "Options": [ { "env_reset": true } ] } ],
    "User_Specs": [
        { "User_List": [ { "username": "root" } ], "Host_List": [ { "hostname": "ALL" } ],
          "Cmnd_Specs": [ { "runasusers": [ { "username": "ALL" } ],
                            "Options": [ { "setenv": true } ],
                            "Commands": [ { "command": "ALL" } ] } ] },
        { "User_List": [ { "username": "backups" }, { "usergroup": "grp" }, { "userid": 1000 },
                         { "username": "other", "negated": true } ],
          "Cmnd_Specs": [ { "Options": [ { "authenticate": false } ],
                            "Commands": [ { "command": "/usr/local/sbin/snapshot-receive home" },
                                          { "command": "/bin/sh", "negated": true } ] } ] },
        { "User_List": [ { "username": "x" } ],
          "Cmnd_Specs": [ { "Commands": [ { "command": "/bin/ls \"\"", "sha224": "0Go" } ] } ] }
    ]
})";

GrantMeaning::Kind kind_of(const std::string& command) {
    return meaning_of({{"backups"}, command, false, false}).kind;
}

}  // namespace

TEST_CASE("sudo's rules are read as cvtsudoers tells them, without what is denied") {
    const auto grants = parse_sudo_rules(rules);
    REQUIRE(grants.size() == 3);
    CHECK(grants[0].command == "ALL");
    CHECK(grants[0].may_set_environment);
    CHECK(grants[0].asks_for_password);
    CHECK(grants[1].users == std::vector<std::string>{"backups", "%grp", "#1000"});
    CHECK(grants[1].command == "/usr/local/sbin/snapshot-receive home");
    CHECK(!grants[1].asks_for_password);
    CHECK(!grants[1].may_set_environment);
    CHECK(grants[2].command == "/bin/ls \"\"");
}

TEST_CASE("rules that are not what cvtsudoers writes are an error and not an empty list") {
    for (const auto* const text :
         {"", "no JSON", "[]", "7", R"({"User_Specs": 7})", R"({"User_Specs": [7]})",
          R"({"User_Specs": [{"Cmnd_Specs": 7}]})"}) {
        CHECK_THROWS_AS(parse_sudo_rules(text), Failure);
    }
    CHECK(parse_sudo_rules("{}").empty());
}

TEST_CASE("a grant is good only with one tag to the letter") {
    using Kind = GrantMeaning::Kind;
    const auto [command, kind] = GENERATE(table<std::string, Kind>({
        {"/usr/local/sbin/snapshot-receive home", Kind::one_tag},
        {"/usr/sbin/snapshot-receive home-2_x", Kind::one_tag},
        {"/usr/local/sbin/snapshot-receive", Kind::any_arguments},
        {"/usr/local/sbin/snapshot-receive *", Kind::wildcard},
        {"/usr/local/sbin/snapshot-receive home*", Kind::wildcard},
        {"/usr/local/sbin/snapshot-receive [a-z]", Kind::wildcard},
        {"/usr/local/sbin/snapshot-receive ^[a-z]+$", Kind::wildcard},
        {"/usr/local/*/snapshot-receive home", Kind::wildcard},
        {"/usr/local/sbin/", Kind::wildcard},
        {"/usr/local/sbin/*", Kind::wildcard},
        {"^/usr/.*$", Kind::wildcard},
        {"/usr/local/sbin/snapshot-receive \"\"", Kind::no_tag},
        {"/usr/local/sbin/snapshot-receive home more", Kind::no_tag},
        {"ALL", Kind::anything},
        {"/usr/bin/apt", Kind::other},
        {"/usr/bin/rsync --server", Kind::other},
    }));
    INFO(command);
    CHECK(kind_of(command) == kind);
}
