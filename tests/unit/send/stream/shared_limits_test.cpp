#include "snapferry/send/stream/shared_limits.h"

#include "catch.h"

using namespace snapferry;
using send::Job;
using send::SharedLimits;

namespace {

Job job(const std::string& host, unsigned port, std::optional<std::uint64_t> limit) {
    Job job{"home", "/nowhere", "daily", Tag::parse("home"), {}};
    job.receiver.destination.host = host;
    job.receiver.destination.port = port;
    job.receiver.bandwidth_limit = limit;
    return job;
}

}  // namespace

TEST_CASE("all receivers at one host share one limit, whatever they are called and by which port") {
    const auto one = job("pi", 22, 1000), other = job("PI.", 2222, 2000), free = job("pi", 23, {});
    const auto elsewhere = job("attic", 22, 2000), unlimited = job("cellar", 22, {});
    const SharedLimits limits({one, other, free, elsewhere, unlimited});
    CHECK(limits.of(one.receiver));
    CHECK(limits.of(one.receiver) == limits.of(other.receiver));
    CHECK(limits.of(one.receiver) == limits.of(free.receiver));
    CHECK(limits.of(elsewhere.receiver));
    CHECK(limits.of(elsewhere.receiver) != limits.of(one.receiver));
    CHECK_FALSE(limits.of(unlimited.receiver));
}

TEST_CASE("the lowest limit counts, and what is being sent keeps to a new one at once") {
    SharedLimits limits({job("pi", 22, 4000), job("pi", 2222, 2000)});
    const auto in_use = limits.of(job("pi", 22, 4000).receiver);
    CHECK(in_use->rate() == 2000);
    limits.set({job("pi", 22, 9000)});
    CHECK(limits.of(job("pi", 22, 9000).receiver) == in_use);
    CHECK(in_use->rate() == 9000);
}
