#include "snapferry/send/link/turns.h"

#include <atomic>
#include <thread>
#include <vector>

#include "catch.h"

using snapferry::send::Turns;

TEST_CASE("there are as many turns as there may be, and one that goes comes back") {
    const auto turns = std::make_shared<Turns>(2);
    auto one = Turns::try_take(turns);
    const auto other = Turns::try_take(turns);
    CHECK(one);
    CHECK(other);
    CHECK_FALSE(Turns::try_take(turns));
    one.reset();
    CHECK(Turns::try_take(turns));
}

TEST_CASE("more turns than before are there at once") {
    const auto turns = std::make_shared<Turns>(1);
    const auto one = Turns::try_take(turns);
    turns->set_most(2);
    CHECK(Turns::try_take(turns));
}

TEST_CASE("never more than may have one, and everybody gets one") {
    constexpr int most = 3;
    constexpr int threads = 16;
    const auto turns = std::make_shared<Turns>(most);
    std::atomic<int> at_once{0};
    std::atomic<int> had{0};
    std::atomic<bool> too_many{false};
    {
        std::vector<std::jthread> all;
        all.reserve(threads);
        for (int number = 0; number < threads; ++number)
            all.emplace_back([&] {
                for (int round = 0; round < 50; ++round) {
                    const auto turn = Turns::wait(turns);
                    if (++at_once > most)
                        too_many = true;
                    std::this_thread::yield();
                    --at_once;
                    ++had;
                }
            });
    }
    CHECK_FALSE(too_many);
    CHECK(had == threads * 50);
}
