#include "snapferry/core/setup/sender/known_host_lines.h"

#include <string>
#include <vector>

#include "catch.h"

namespace snapferry::setup {
namespace {

using Lines = std::vector<std::string>;

const Lines keys{"ssh-ed25519 AAAA1", "ecdsa-sha2-nistp256 AAAA2"};

TEST_CASE("a machine is called in known_hosts as ssh calls it") {
    CHECK(known_host_name("Pi.LAN", 22) == "pi.lan");
    CHECK(known_host_name("pi.lan", 2222) == "[pi.lan]:2222");
    CHECK(known_host_name("fd00::5", 22) == "fd00::5");
}

TEST_CASE("keys that are not there are missing, and only those are added") {
    const std::string text = "# mine\nother.lan,pi.lan ssh-ed25519 AAAA1 comment\n";
    const auto look = look_for_host_keys(text, "pi.lan", keys);
    CHECK(look.missing == Lines{"pi.lan ecdsa-sha2-nistp256 AAAA2"});
    CHECK(look.other_type.empty());
    CHECK(look.revoked_type.empty());
    const auto with = with_host_lines(text, look.missing);
    CHECK(with == text + "pi.lan ecdsa-sha2-nistp256 AAAA2\n");
    CHECK(look_for_host_keys(with, "pi.lan", keys).missing.empty());
    CHECK(without_host(with, "pi.lan") == text);
    CHECK(look_for_host_keys("", "pi.lan", keys).missing.size() == 2);
}

TEST_CASE("another key of the same type is never passed over") {
    for (const std::string text :
         {"pi.lan ssh-ed25519 BBBB\n", "pi.lan ssh-ed25519 AAAA1\npi.lan ssh-ed25519 BBBB",
          "a,pi.lan ssh-ed25519 BBBB x\r\n"}) {
        CHECK(look_for_host_keys(text, "pi.lan", keys).other_type == "ssh-ed25519");
    }
    CHECK(
        look_for_host_keys("[pi.lan]:2222 ssh-ed25519 BBBB\n", "pi.lan", keys).other_type.empty());
    CHECK(look_for_host_keys("pi.lan ssh-rsa BBBB\n", "pi.lan", keys).other_type.empty());
    CHECK(look_for_host_keys("#pi.lan ssh-ed25519 BBBB\n", "pi.lan", keys).other_type.empty());
}

TEST_CASE("a key that was taken back is told, for whichever host that was") {
    CHECK(look_for_host_keys("@revoked * ssh-ed25519 AAAA1\n", "pi.lan", keys).revoked_type ==
          "ssh-ed25519");
}

TEST_CASE("lines for several names stay when one is forgotten") {
    const std::string text = "pi.lan,192.0.2.1 ssh-ed25519 AAAA1\npi.lan ssh-rsa AAAA3\nx y z\n";
    CHECK(without_host(text, "pi.lan") == "pi.lan,192.0.2.1 ssh-ed25519 AAAA1\nx y z\n");
}

}  // namespace
}  // namespace snapferry::setup
