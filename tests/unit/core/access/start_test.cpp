#include "snapferry/core/access/start.h"

#include <vector>

#include "catch.h"

using namespace snapferry;

TEST_CASE("how a program was started is decided by evidence, and unknown without any") {
    constexpr SshVariables nothing;
    constexpr SshVariables wish{true, false};
    constexpr SshVariables forced{true, true};
    using Seen = std::vector<SshVariables>;
    CHECK(judge_start(Seen{}) == Start::unknown);
    CHECK(judge_start(Seen{nothing, nothing}) == Start::unknown);
    CHECK(judge_start(Seen{nothing, wish}) == Start::by_wish);
    CHECK(judge_start(Seen{nothing, forced, forced}) == Start::by_forced_command);
    // sudo that keeps SSH_CONNECTION, and not the other
    CHECK(judge_start(Seen{wish, forced}) == Start::by_forced_command);
    CHECK(judge_start(Seen{nothing, wish, nothing}) == Start::by_wish);
    CHECK(judge_start(Seen{forced}) == Start::by_forced_command);
}
