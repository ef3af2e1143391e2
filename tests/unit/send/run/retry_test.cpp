#include "snapferry/send/run/retry.h"

#include "catch.h"
#include "failure_of.h"

using namespace snapferry;
using snapferry::testing::failure_of;

// Only what needs no waiting between tries.

namespace {

class Silence final : public Log {
  public:
    void write(Severity, std::string_view) override { ++lines; }
    int lines = 0;
};

}  // namespace

TEST_CASE("what goes well is done once") {
    Silence log;
    int tries = 0;
    send::with_retries({3}, log, [&] { ++tries; });
    CHECK(tries == 1);
    CHECK(log.lines == 0);
}

TEST_CASE("what will not pass by itself is not tried again") {
    for (const auto& entry : exit_code_meanings) {
        if (entry.code == ExitCode::connection || entry.code == ExitCode::protocol)
            continue;
        Silence log;
        int tries = 0;
        const auto failure = failure_of([&] {
            send::with_retries({3}, log, [&] {
                ++tries;
                throw Failure(entry.code, "x");
            });
        });
        CHECK(failure.code() == entry.code);
        CHECK(tries == 1);
    }
}

TEST_CASE("without retries a broken connection is a failure at once") {
    Silence log;
    const auto failure = failure_of([&] {
        send::with_retries({0}, log, [] { throw Failure(ExitCode::connection, "broken", "wait"); });
    });
    CHECK(failure.code() == ExitCode::connection);
    CHECK(failure.hint() == "wait");
    CHECK(log.lines == 0);
}

TEST_CASE("what is no failure of snapferry's is not caught") {
    Silence log;
    CHECK_THROWS_AS(send::with_retries({3}, log, [] { throw std::logic_error("x"); }),
                    std::logic_error);
}

TEST_CASE("what is final is not tried again, whatever its code") {
    Silence log;
    int tries = 0;
    const auto failure = failure_of([&] {
        send::with_retries({3}, log, [&] {
            ++tries;
            throw send::FinalFailure(ExitCode::protocol, "x");
        });
    });
    CHECK(failure.code() == ExitCode::protocol);
    CHECK(tries == 1);
}

TEST_CASE("a try that gets further than the one before is the first again") {
    Silence log;
    int tries = 0;
    int further = 2;
    const auto failure = failure_of([&] {
        send::with_retries(
            {0}, log,
            [&] {
                ++tries;
                throw Failure(ExitCode::connection, "x");
            },
            [&] { return further-- > 0; });
    });
    CHECK(failure.code() == ExitCode::connection);
    CHECK(tries == 1);  // without retries there is none, however far it got
}

TEST_CASE("an unreachable receiver is tried as long as it says, however many tries are over") {
    Silence log;
    int tries = 0;
    const auto began = std::chrono::steady_clock::now();
    const auto failure = failure_of([&] {
        send::with_retries({0, std::chrono::seconds{1}}, log, [&] {
            ++tries;
            throw Failure(ExitCode::connection, "x");
        });
    });
    CHECK(failure.code() == ExitCode::connection);
    CHECK(tries == 2);  // the first pause is a second or two
    CHECK(std::chrono::steady_clock::now() - began >= std::chrono::seconds{1});
}

TEST_CASE("what was unreachable so long already is not waited for anew") {
    Silence log;
    int tries = 0;
    const auto hours_ago = std::chrono::steady_clock::now() - std::chrono::hours{3};
    (void)failure_of([&] {
        send::with_retries({0, std::chrono::hours{2}, hours_ago}, log, [&] {
            ++tries;
            throw Failure(ExitCode::connection, "x");
        });
    });
    CHECK(tries == 1);
}

TEST_CASE("what will not pass by itself is not waited for, however long one would") {
    Silence log;
    int tries = 0;
    const auto failure = failure_of([&] {
        send::with_retries({0, std::chrono::hours{2}}, log, [&] {
            ++tries;
            throw Failure(ExitCode::authentication, "x");
        });
    });
    CHECK(failure.code() == ExitCode::authentication);
    CHECK(tries == 1);
}
