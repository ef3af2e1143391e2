#include "snapferry/core/disk/write_loss.h"

#include <vector>

#include "catch.h"

using namespace snapferry;

namespace {

DeviceErrors device(std::uint64_t id) {
    DeviceErrors errors;
    errors.id = id;
    errors.device = "/dev/sd" + std::string(1, static_cast<char>('`' + id));
    errors.write = 3;  // of long ago
    return errors;
}

std::string loss(const DeviceErrors& before, const DeviceErrors& after) {
    return write_loss(std::vector{device(7), before}, std::vector{after, device(7)});
}

}  // namespace

TEST_CASE("a counter of writes that has grown is a loss, one that is high is none") {
    CHECK(loss(device(1), device(1)).empty());
    for (auto counter : {&DeviceErrors::write, &DeviceErrors::flush, &DeviceErrors::generation}) {
        auto after = device(1);
        after.*counter += 2;
        CHECK(loss(device(1), after).starts_with("/dev/sda has counted 2 more "));
    }
}

TEST_CASE("errors of reading are not a loss of what is written") {
    auto after = device(1);
    after.read = after.corruption = 5;
    CHECK(loss(device(1), after).empty());
}

TEST_CASE("counters that somebody has set to zero meanwhile still count") {
    auto after = device(1);
    after.write = 0;
    CHECK(loss(device(1), after).empty());
    after.write = 1;
    CHECK(loss(device(1), after) == "/dev/sda has counted 1 more write errors");
}

TEST_CASE("a device that goes missing is a loss, one that was missing is none") {
    auto missing = device(2);
    missing.missing = true;
    CHECK(loss(device(2), missing) == "/dev/sdb went missing");
    CHECK(loss(missing, missing).empty());
}

TEST_CASE("a device that was not there before has its own errors") {
    const auto fresh = device(2);
    CHECK(write_loss({}, std::vector{fresh}) == "/dev/sdb has counted 3 more write errors");
}
