#include "snapferry/core/ssh/ssh_address.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using snapferry::Failure;
using snapferry::parse_ssh_address;
using snapferry::SshAddress;

TEST_CASE("an SSH address has a user, a host and perhaps a port") {
    const auto [text, expected] = GENERATE(table<std::string, SshAddress>({
        {"backups@pi", {"backups", "pi", 22}},
        {"backups@pi.example.org:2222", {"backups", "pi.example.org", 2222}},
        {"root@192.0.2.7", {"root", "192.0.2.7", 22}},
        {"backups@[fd00::5]", {"backups", "fd00::5", 22}},
        {"backups@[fe80::1%eth0]:65535", {"backups", "fe80::1%eth0", 65535}},
        {"backups@[::ffff:192.0.2.7]:1", {"backups", "::ffff:192.0.2.7", 1}},
        {"some.one@example.org@pi_4", {"some.one@example.org", "pi_4", 22}},
    }));
    CHECK(parse_ssh_address(text) == expected);
}

TEST_CASE("what could be an option, or no address at all, is refused with an example") {
    const std::string text = GENERATE(
        std::string{}, std::string{"@"}, std::string{"pi"}, std::string{"@pi"},
        std::string{"backups@"}, std::string{"backups@:22"}, std::string{"backups@[]"},
        std::string{"-oProxyCommand=x@pi"}, std::string{"backups@-pi"}, std::string{"a b@pi"},
        std::string{"a\n@pi"}, std::string{"backups@p i"}, std::string{"backups@pi\x7f"},
        std::string{"backups@pi\n"}, std::string{"backups@\x1b[1m"}, std::string{"backups@pi/x"},
        std::string{"backups@p\0i", 11}, std::string{"backups@fd00::5"},
        std::string{"backups@[fd00::5"}, std::string{"backups@[fd00::5]2222"},
        std::string{"backups@[pi]"}, std::string{"backups@[fe80::1%]"},
        std::string{"backups@[fe80::1%a b]"}, std::string{"backups@[%eth0:]"});
    CAPTURE(text);
    try {
        parse_ssh_address(text);
        FAIL("it was taken");
    } catch (const Failure& failure) {
        CHECK(failure.code() == snapferry::ExitCode::configuration);
        CHECK(failure.hint().find("user@host:port") != std::string::npos);
        CHECK(std::string(failure.what()).find('\n') == std::string::npos);
    }
}

TEST_CASE("a port is a number from 1 to 65535") {
    const std::string port =
        GENERATE(std::string{}, std::string{"0"}, std::string{"65536"}, std::string{"99999999999"},
                 std::string{"-1"}, std::string{"+1"}, std::string{" 1"}, std::string{"1x"});
    CHECK_THROWS_AS(parse_ssh_address("backups@pi:" + port), Failure);
    CHECK_THROWS_AS(parse_ssh_address("backups@[fd00::5]:" + port), Failure);
}
