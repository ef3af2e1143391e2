#include "snapferry/core/setup/sudo_lines.h"

#include <string>

#include "catch.h"

using namespace snapferry::setup;

TEST_CASE("a rule is added to a file of its own and taken out again") {
    const auto rule = sudo_rule("backups", "/usr/sbin/snapshot-receive", "home");
    CHECK(rule == "backups ALL=(root) NOPASSWD: /usr/sbin/snapshot-receive home");
    const auto first = with_sudo_rule("", rule);
    CHECK(first.starts_with("#"));
    CHECK(first.ends_with(rule + "\n"));
    CHECK(has_sudo_rules(first));
    CHECK_FALSE(has_sudo_rules(without_sudo_rules_of(first, "home")));
    const auto both =
        with_sudo_rule(first, sudo_rule("backups", "/usr/sbin/snapshot-receive", "media"));
    CHECK(without_sudo_rules_of(both, "media") == first);
}

TEST_CASE("a rule for the tag goes by whichever path, and what else stands in its line keeps it") {
    const std::string old = "backups ALL=(root)  NOPASSWD: /usr/local/sbin/snapshot-receive home\n";
    CHECK(without_sudo_rules_of(old, "home").empty());
    for (const auto* const other :
         {"backups ALL=(root) NOPASSWD: /usr/sbin/snapshot-receive home2\n",
          "backups ALL=(root) NOPASSWD: /usr/sbin/snapshot-receive home, /usr/sbin/x\n",
          "# backups ALL=(root) NOPASSWD: /usr/sbin/snapshot-receive home\n",
          "backups ALL=(ALL) NOPASSWD: /usr/sbin/snapshot-receive home\n"}) {
        CHECK(without_sudo_rules_of(other, "home") == other);
    }
}

TEST_CASE("whether sudo looks into a directory is told by its own words for it") {
    CHECK(includes_directory("Defaults x\n@includedir /etc/sudoers.d\n", "/etc/sudoers.d"));
    CHECK(includes_directory("#includedir /etc/sudoers.d/", "/etc/sudoers.d"));
    CHECK_FALSE(includes_directory("# includedir /etc/sudoers.d\n", "/etc/sudoers.d"));
    CHECK_FALSE(includes_directory("@includedir /etc/sudoers.dd\n", "/etc/sudoers.d"));
}
