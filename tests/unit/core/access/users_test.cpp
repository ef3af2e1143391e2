#include "snapferry/core/access/users.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("users are read from passwd's lines, and what is none is passed over") {
    const auto users = parse_users(
        "root:x:0:0:root:/root:/bin/bash\nbackups:x:998:998::/var/lib/backups:/bin/sh\n"
        "broken:x:abc:0::/:/bin/sh\n:x::\n\nempty:x::0::/:/bin/sh\n");
    REQUIRE(users.size() == 2);
    CHECK(users[1].name == "backups");
    CHECK(users[1].id == 998);
    CHECK(users[1].home == "/var/lib/backups");
}

TEST_CASE("where keys lie is what sshd says, with its tokens") {
    const auto settings = parse_sshd_settings(
        "port 22\nauthorizedkeysfile .ssh/authorized_keys /etc/keys/%u %h/50%%/%U\n"
        "forcecommand none\nauthorizedkeyscommand none\n");
    CHECK(!settings.forced_command);
    CHECK(!settings.asks_a_program);
    CHECK(key_files_of({"pi", 1000, "/home/pi"}, settings) ==
          std::vector<std::string>{"/home/pi/.ssh/authorized_keys", "/etc/keys/pi",
                                   "/home/pi/50%/1000"});
}

TEST_CASE("a forced command of sshd, a program for keys and no file at all are noticed") {
    const auto settings = parse_sshd_settings(
        "authorizedkeysfile none\nforcecommand sudo -n /x home\nauthorizedkeyscommand /bin/k %u");
    CHECK(settings.key_files.empty());
    CHECK(settings.forced_command == "sudo -n /x home");
    CHECK(settings.asks_a_program);
}
