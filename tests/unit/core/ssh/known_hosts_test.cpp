#include "snapferry/core/ssh/known_hosts.h"

#include "catch.h"

using snapferry::is_revoked;

TEST_CASE("a key on a @revoked line is revoked for every host") {
    constexpr auto file =
        "pi ssh-ed25519 AAAAgood\n"
        "@revoked other ssh-ed25519 AAAAbad comment\n"
        "# @revoked pi ssh-ed25519 AAAAgood\n";
    CHECK(is_revoked(file, "AAAAbad"));
    CHECK_FALSE(is_revoked(file, "AAAAgood"));
    CHECK_FALSE(is_revoked(file, "AAAAba"));
    CHECK_FALSE(is_revoked("", "AAAAbad"));
}

TEST_CASE("blanks and line ends of any kind do not hide a @revoked line") {
    CHECK(is_revoked("  @revoked\t*\tssh-rsa  AAAA\r\n", "AAAA"));
    CHECK(is_revoked("@revoked * ssh-rsa AAAA", "AAAA"));
    CHECK_FALSE(is_revoked("@revoked * ssh-rsa", "ssh-rsa"));
}
