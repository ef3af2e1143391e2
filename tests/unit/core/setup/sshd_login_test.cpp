#include "snapferry/core/setup/sshd_login.h"

#include "catch.h"

using namespace snapferry::setup;

TEST_CASE("ports and host keys are those that sshd names, or its usual ones") {
    const auto facts = parse_sshd_facts("port 2222\nport 22\nhostkey /etc/ssh/a\nhostkey none\n");
    CHECK(facts.ports == std::vector<unsigned>{2222, 22});
    CHECK(facts.host_keys == std::vector<std::string>{"/etc/ssh/a"});
    CHECK(parse_sshd_facts("").ports == std::vector<unsigned>{22});
    CHECK(parse_sshd_facts("").host_keys.size() == 3);
}

TEST_CASE("a setting that keeps the sender out is named") {
    const std::vector<std::string> own{"backups"};
    CHECK_FALSE(setting_against_login("", "backups", own));
    CHECK_FALSE(setting_against_login("pubkeyauthentication yes\nallowusers pi\nallowusers b*s\n",
                                      "backups", own));
    CHECK_FALSE(setting_against_login("allowusers backups@10.0.0.*\n", "backups", own));
    CHECK(setting_against_login("pubkeyauthentication no\n", "backups", own));
    CHECK(setting_against_login("allowusers pi\nallowusers backup\n", "backups", own) ==
          "allowusers pi backup");
    CHECK(setting_against_login("allowgroups ssh\n", "backups", own));
    CHECK_FALSE(setting_against_login("allowgroups ssh\n", "backups",
                                      std::vector<std::string>{"backups", "ssh"}));
    CHECK(setting_against_login("denygroups guests\n", "backups",
                                std::vector<std::string>{"backups", "guests"}));
    CHECK_FALSE(setting_against_login("denygroups backups2\nallowgroups b*\n", "backups", own));
    CHECK(setting_against_login("denyusers ba?kups\n", "backups", own));
    CHECK_FALSE(setting_against_login("denyusers backups2\n", "backups", own));
}

TEST_CASE("who listens is told apart from who is connected, and by the whole port") {
    constexpr auto sockets =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
        "   1: 0100007F:08AE 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0\n";
    CHECK(has_listener(sockets, 22));
    CHECK_FALSE(has_listener(sockets, 2222));
    CHECK_FALSE(has_listener(sockets, 6));
    CHECK_FALSE(has_listener("", 22));
}
