#include "snapferry/core/ssh/client_settings.h"

#include "catch.h"
#include "failure_of.h"

namespace snapferry {
namespace {

TEST_CASE("where a person's ssh goes is read from what it says") {
    const auto plain = parse_client_settings("user pi\nhostname pi.lan\nport 2222\nbatchmode no\n");
    CHECK(plain.host == "pi.lan");
    CHECK(plain.port == 2222);
    CHECK_FALSE(plain.goes_through_another);
    CHECK(parse_client_settings("hostname fd00::5\nport 22\n").host == "fd00::5");
    CHECK(parse_client_settings("hostname a\nproxyjump gate\n").goes_through_another);
    CHECK(parse_client_settings("hostname a\nproxycommand nc x 22\n").goes_through_another);
    CHECK_FALSE(parse_client_settings("hostname a\nproxyjump none\n").goes_through_another);
}

TEST_CASE("what names no machine is refused") {
    for (const auto* const text : {"", "hostname \n", "hostname -x\n", "hostname a b\n",
                                   "hostname a\nport 0\n", "hostname a\nport x\n"}) {
        INFO(text);
        CHECK(testing::failure_of([&] { (void)parse_client_settings(text); }).code() ==
              ExitCode::configuration);
    }
}

}  // namespace
}  // namespace snapferry
