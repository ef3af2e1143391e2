#include "snapferry/core/resume/blame.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

bool is_in(ExitCode code, std::initializer_list<ExitCode> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

const Attempt in_full{uuid(1), "day"};
const Attempt from_parent{uuid(1), "day", uuid(2)};
const Attempt resumed{uuid(1), "day", {}, true};

}  // namespace

TEST_CASE("only what a stream, its parent or its receiving failed by is held against them") {
    for (int number = 1; number < 32; ++number) {
        const auto code = static_cast<ExitCode>(number);
        CAPTURE(number);
        const bool counts =
            is_in(code, {ExitCode::no_parent, ExitCode::sending, ExitCode::receiving,
                         ExitCode::refused_stream, ExitCode::internal});
        const Failure failure(code, "it failed");
        CHECK(counts_against_what_was_sent(failure, ToldBy::this_side, in_full, uuid(1)) == counts);
        CHECK(counts_against_what_was_sent(failure, ToldBy::receiver, in_full, uuid(1)) ==
              (counts || code == ExitCode::protocol));
        CHECK_FALSE(counts_against_what_was_sent(PassingFailure(code, "it failed"),
                                                 ToldBy::receiver, in_full, uuid(1)));
    }
}

TEST_CASE("a crash of the receiver is held against nothing but what was gone on with") {
    const Failure failure(ExitCode::connection, "the receiver was ended by SIGKILL");
    CHECK(counts_against_what_was_sent(failure, ToldBy::crash, resumed, uuid(1)));
    CHECK_FALSE(counts_against_what_was_sent(failure, ToldBy::crash, in_full, uuid(1)));
    CHECK_FALSE(counts_against_what_was_sent(failure, ToldBy::crash, from_parent, uuid(1)));
    CHECK_FALSE(counts_against_what_was_sent(failure, ToldBy::this_side, resumed, uuid(1)));
}

TEST_CASE("a full disk is held against an interrupted send only where a newer one waits for it") {
    const Failure failure(ExitCode::no_space, "the disk is full");
    const auto counts = [&](const Attempt& attempt, const Uuid& newest) {
        return counts_against_what_was_sent(failure, ToldBy::receiver, attempt, newest);
    };
    CHECK(counts(resumed, uuid(3)));
    CHECK_FALSE(counts(resumed, uuid(1)));
    CHECK_FALSE(counts(in_full, uuid(3)));
    CHECK_FALSE(counts(from_parent, uuid(3)));
    CHECK_FALSE(counts_against_what_was_sent(failure, ToldBy::this_side, resumed, uuid(3)));
}

TEST_CASE("another way is left where a failure has spent one") {
    for (const auto& attempt : {from_parent, resumed}) {
        CAPTURE(attempt.resumed);
        Attempts attempts;
        attempts.failed(attempt, ExitCode::receiving, "a");
        CHECK_FALSE(has_another_way(attempts, attempt, uuid(1)));
        attempts.failed(attempt, ExitCode::receiving, "a");
        CHECK(has_another_way(attempts, attempt, uuid(1)));
    }
}

TEST_CASE("a snapshot that cannot be sent makes way for a newer one, where there is one") {
    Attempts attempts;
    attempts.failed(in_full, ExitCode::receiving, "a");
    CHECK_FALSE(has_another_way(attempts, in_full, uuid(3)));
    attempts.failed(in_full, ExitCode::receiving, "a");
    CHECK(has_another_way(attempts, in_full, uuid(3)));
    CHECK_FALSE(has_another_way(attempts, in_full, uuid(1)));
    CHECK_FALSE(has_another_way(attempts, from_parent, uuid(1)));
}

TEST_CASE("what cannot be sent is named with its last failure and its exit code, escaped") {
    const auto failure = cannot_be_sent(
        {FailedPart::Kind::snapshot, uuid(1), "day\n", ExitCode::sending, "no room for an xattr"});
    CHECK(failure.code() == ExitCode::sending);
    CHECK(std::string(failure.what()) ==
          "day\\x0a cannot be sent: it failed twice in the same way: no room for an xattr");
    CHECK_FALSE(failure.hint().empty());
}
