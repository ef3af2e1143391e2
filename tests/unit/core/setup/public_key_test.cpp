#include "snapferry/core/setup/public_key.h"

#include <string>

#include "catch.h"
#include "failure_of.h"
#include "keys.h"

using namespace snapferry;
using namespace snapferry::setup;
using testing::failure_of;

TEST_CASE("a public key is read from the line of its file, and written as it was") {
    const auto key = parse_public_key(std::string(test_keys::first) + "\n");
    CHECK(key.type == "ssh-ed25519");
    CHECK(key.comment == "root@nas");
    CHECK(key.line() == test_keys::first);
    CHECK(parse_public_key(test_keys::of_ecdsa).line() == test_keys::of_ecdsa);
}

TEST_CASE("a fingerprint is the one that ssh-keygen shows") {
    CHECK(fingerprint_of(parse_public_key(test_keys::first)) == test_keys::first_fingerprint);
    CHECK(fingerprint_of(parse_public_key(test_keys::of_ecdsa)) ==
          "SHA256:Rwfs0AZLqN84g+1+uUnQgQ9YYa9ax8vQBd8g7j24ow8");
}

TEST_CASE("what is not one public key in one line is refused, with what to give instead") {
    const std::string good = test_keys::first;
    for (const auto& bad :
         {std::string(""), std::string("ssh-ed25519"), good.substr(0, 60), good + "\n" + good,
          "command=\"sh\" " + good, "restrict " + good, std::string("ssh-dss AAAAB3NzaC1kc3M="),
          "ssh-rsa" + good.substr(11), good + "\x1b[2J", good.substr(0, 40) + "!" + good.substr(41),
          std::string("-----BEGIN OPENSSH PRIVATE KEY-----"), good + std::string(10000, 'x')}) {
        INFO(bad);
        const auto failure = failure_of([&] { (void)parse_public_key(bad); });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK_FALSE(failure.hint().empty());
    }
}
