#include "snapferry/core/transfer/connection_tuning.h"

#include "catch.h"
#include "failure_of.h"

using namespace snapferry;
using snapferry::testing::failure_of;

namespace {

constexpr Stretch slow_receiver{0.1, 0.9};  // frames pile up, and the line has room
constexpr Stretch slow_line{1.0, 0.9};
constexpr Stretch slow_sender{0.1, 0.0};

constexpr FarEnd pi4{true, 4};

unsigned connections_after(const Stretch& stretch, unsigned stretches, const FarEnd& there,
                           std::optional<unsigned> demanded = {}) {
    ConnectionTuning tuning(demanded, there);
    for (unsigned i = 0; i < stretches; ++i)
        tuning.learn(stretch);
    return tuning.connections();
}

}  // namespace

TEST_CASE(
    "a stream goes over a second connection once its receiver has held it up for two seconds") {
    CHECK(connections_after(slow_receiver, 0, pi4) == 1);
    CHECK(connections_after(slow_receiver, 7, pi4) == 1);
    CHECK(connections_after(slow_receiver, 8, pi4) == 2);
    CHECK(connections_after(slow_receiver, 1000, pi4) == 2);
}

TEST_CASE("a stream goes over one connection where another would not help") {
    CHECK(connections_after(slow_line, 1000, pi4) == 1);
    CHECK(connections_after(slow_sender, 1000, pi4) == 1);
    CHECK(connections_after(slow_receiver, 1000, {false, 4}) == 1);  // its cipher costs it little
    CHECK(connections_after(slow_receiver, 1000, {true, 2}) == 1);   // nobody is idle there
    CHECK(connections_after(slow_receiver, 1000, {true, {}}) == 1);  // it may be of that kind
}

TEST_CASE("stretches that hold a stream up count only in a row, and a second connection stays") {
    ConnectionTuning tuning({}, pi4);
    for (int i = 0; i < 100; ++i)
        tuning.learn(i % 7 == 6 ? slow_line : slow_receiver);
    CHECK(tuning.connections() == 1);
    for (int i = 0; i < 8; ++i)
        tuning.learn(slow_receiver);
    CHECK(tuning.connections() == 2);
    tuning.learn(slow_line);
    CHECK(tuning.connections() == 2);
}

TEST_CASE(
    "the number of connections that is demanded is had from the start, whoever is at the other "
    "end") {
    CHECK(connections_after(slow_line, 0, {false, 1}, 3) == 3);
    CHECK(connections_after(slow_receiver, 100, pi4, 1) == 1);
}

TEST_CASE("the setting of connections is auto or a number from 1 to 4") {
    CHECK(parse_connections_setting("auto") == std::nullopt);
    CHECK(parse_connections_setting("1") == 1U);
    CHECK(parse_connections_setting("4") == 4U);
    for (const auto* const text : {"", "0", "5", "10", "two", "-1", "1 ", "Auto"}) {
        CAPTURE(text);
        CHECK(failure_of([&] { (void)parse_connections_setting(text); }).code() ==
              ExitCode::configuration);
    }
}
