#include "snapferry/core/ssh/person_address.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using snapferry::Failure;
using snapferry::parse_person_address;
using snapferry::PersonAddress;

TEST_CASE("a person's address is what ssh knows the rest of") {
    const auto [text, expected] = GENERATE(table<std::string, PersonAddress>({
        {"pi@pi.lan", {"pi@pi.lan", "pi.lan", std::nullopt}},
        {"pi", {"pi", "pi", std::nullopt}},
        {"pi:2222", {"pi", "pi", 2222}},
        {"pi@pi.lan:22", {"pi@pi.lan", "pi.lan", 22}},
        {"pi@[fd00::5]", {"pi@fd00::5", "fd00::5", std::nullopt}},
        {"[fe80::1%eth0]:2222", {"fe80::1%eth0", "fe80::1%eth0", 2222}},
    }));
    CAPTURE(text);
    CHECK(parse_person_address(text) == expected);
}

TEST_CASE("what ssh could take for an option is no person's address") {
    const auto* const text = GENERATE("", "@pi", "pi@", "-oProxyCommand=reboot", "-l@pi", "pi@-pi",
                                      "pi:0", "pi:x", "a b@pi", "pi@pi lan", "pi\n", "fd00::5");
    CAPTURE(text);
    CHECK_THROWS_AS(parse_person_address(text), Failure);
}
