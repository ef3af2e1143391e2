#include "snapferry/core/resume/attempts.h"

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

using Kind = FailedPart::Kind;

const Attempt in_full{uuid(1), "day", {}, false};
const Attempt from_parent{uuid(1), "day", uuid(2), false};
const Attempt from_another{uuid(1), "day", uuid(3), false};
const Attempt resumed{uuid(1), "day", {}, true};

}  // namespace

TEST_CASE("what failed in the same way twice is spent, and once is not enough") {
    Attempts attempts;
    attempts.failed(in_full, ExitCode::receiving, "a");
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(1)));
    attempts.failed(in_full, ExitCode::receiving, "b");
    CHECK(attempts.is_spent(Kind::snapshot, uuid(1)));
    REQUIRE(attempts.bad_snapshots().size() == 1);
    CHECK(attempts.bad_snapshots().front().words == "b");

    Attempts otherwise;
    otherwise.failed(in_full, ExitCode::receiving, "a");
    otherwise.failed(in_full, ExitCode::refused_stream, "b");
    CHECK_FALSE(otherwise.is_spent(Kind::snapshot, uuid(1)));
}

TEST_CASE("a parent is spent by two failures, whichever snapshots were to build on it") {
    Attempts attempts;
    attempts.failed(from_parent, ExitCode::receiving, "a");
    attempts.failed({uuid(9), "next", uuid(2)}, ExitCode::receiving, "b");
    CHECK(attempts.is_spent(Kind::parent, uuid(2)));
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(1)));
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(9)));
}

TEST_CASE("what fails with the same words on another way is the snapshot's fault, not a parent's") {
    Attempts attempts;
    attempts.failed(from_parent, ExitCode::receiving, "no room for an xattr");
    attempts.failed(from_parent, ExitCode::receiving, "no room for an xattr");
    CHECK(attempts.is_spent(Kind::parent, uuid(2)));
    attempts.failed(from_another, ExitCode::receiving, "no room for an xattr");
    CHECK(attempts.is_spent(Kind::parent, uuid(3)));  // both may be wrong
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(1)));
    attempts.failed(in_full, ExitCode::receiving, "no room for an xattr");
    CHECK(attempts.is_spent(Kind::snapshot, uuid(1)));
    CHECK_FALSE(attempts.is_spent(Kind::parent, uuid(2)));
    CHECK_FALSE(attempts.is_spent(Kind::parent, uuid(3)));
}

TEST_CASE("what cannot be read here is the snapshot's fault on whichever way") {
    Attempts attempts;
    attempts.failed(from_parent, ExitCode::sending, "at the file a");
    attempts.failed({uuid(1), "day", uuid(2), true}, ExitCode::sending, "there");
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(1)));  // it may be the parent's
    attempts.failed(in_full, ExitCode::sending, "there");
    CHECK(attempts.is_spent(Kind::snapshot, uuid(1)));
    CHECK_FALSE(attempts.is_spent(Kind::parent, uuid(2)));
    CHECK(attempts.bad_snapshots().front().words == "at the file a");
}

TEST_CASE(
    "what the receiver had is spent by two failures, and a stream from its beginning ends that") {
    Attempts attempts;
    attempts.failed(resumed, ExitCode::receiving, "a");
    attempts.failed(resumed, ExitCode::receiving, "a");
    CHECK(attempts.is_spent(Kind::checkpoint, uuid(1)));
    CHECK_FALSE(attempts.is_spent(Kind::snapshot, uuid(1)));
    attempts.begun_afresh(uuid(1));
    CHECK_FALSE(attempts.is_spent(Kind::checkpoint, uuid(1)));
}

TEST_CASE("what the receiver had is not spent as long as it gets further") {
    Attempts attempts;
    for (std::uint64_t begin = 100; begin < 110; ++begin) {
        attempts.failed({uuid(1), "day", {}, true, begin}, ExitCode::receiving, "killed");
        CHECK_FALSE(attempts.is_spent(Kind::checkpoint, uuid(1)));
    }
    attempts.failed({uuid(1), "day", {}, true, 109}, ExitCode::receiving, "killed");
    CHECK(attempts.is_spent(Kind::checkpoint, uuid(1)));
}

TEST_CASE("what arrived is held against nothing that it took, and what is gone is forgotten") {
    Attempts attempts;
    for (int time = 0; time < 2; ++time) {
        attempts.failed(from_parent, ExitCode::receiving, "a");
        attempts.failed({uuid(7), "other", uuid(3)}, ExitCode::receiving, "b");
    }
    attempts.succeeded(from_another);
    CHECK(attempts.is_spent(Kind::parent, uuid(2)));
    CHECK_FALSE(attempts.is_spent(Kind::parent, uuid(3)));
    attempts.keep_only({uuid(1)});
    CHECK(attempts.parts().empty());
}

TEST_CASE("no more failures are remembered than there is room for") {
    Attempts attempts;
    for (unsigned number = 1; number < 200; ++number)
        attempts.failed({uuid(number), "day", uuid(250)}, ExitCode::receiving,
                        std::to_string(number));
    CHECK(attempts.parts().size() <= most_failed_parts);
    CHECK(attempts.is_spent(Kind::parent, uuid(250)));
}
