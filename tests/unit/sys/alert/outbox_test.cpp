#include "snapferry/sys/alert/outbox.h"

#include "catch.h"
#include "snapferry/sys/alert/notes.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using snapferry::testing::TemporaryDirectory;
using sys::Outbox;

namespace {

const WallTime now{std::chrono::hours{24 * 365 * 56}};

}  // namespace

TEST_CASE("what waits comes back as it was, the oldest first, and of one thing the newest alone") {
    const TemporaryDirectory directory;
    const Outbox outbox(directory / "outbox");
    CHECK(outbox.waiting().empty());
    outbox.put("job a/../b", {"failure", "first", "one\n"}, now);
    outbox.put("job c", {"stale", "other \xff", "two\n"}, now - 1h);
    outbox.put("job a/../b", {"recovered", "second", "three\n"}, now + 1h);
    const auto waiting = outbox.waiting();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].message.event == "stale");
    CHECK(waiting[1].message.subject == "second");
    CHECK(waiting[1].since == now + 1h);
    CHECK(waiting[0].id != waiting[1].id);
}

TEST_CASE("what has left goes, but not what has come in its place meanwhile") {
    const TemporaryDirectory directory;
    const Outbox outbox(directory / "outbox");
    outbox.put("job a", {"failure", "first", ""}, now);
    const auto sent = outbox.waiting().front();
    outbox.put("job a", {"recovered", "second", ""}, now);
    outbox.remove(sent);
    REQUIRE(outbox.waiting().size() == 1);
    outbox.remove(outbox.waiting().front());
    CHECK(outbox.waiting().empty());
}

TEST_CASE("what is broken in the outbox keeps nothing else") {
    const TemporaryDirectory directory;
    const Outbox outbox(directory / "outbox");
    outbox.put("job a", {"failure", "first", ""}, now);
    (void)directory.file("outbox/0123.mail", "{");
    CHECK(outbox.waiting().size() == 1);
    (void)directory.file("outbox/trouble.json", "[]");
    CHECK_FALSE(outbox.trouble());
}

TEST_CASE("a server that is down is tried less and less often, at the latest each half hour") {
    const TemporaryDirectory directory;
    const Outbox outbox(directory / "outbox");
    CHECK(is_due(outbox.trouble(), now));
    auto at = now;
    for (const auto pause : {1min, 2min, 4min, 8min, 16min, 30min, 30min}) {
        outbox.note_trouble("it is down", at);
        CHECK_FALSE(is_due(outbox.trouble(), at + pause - 1s));
        CHECK(is_due(outbox.trouble(), at + pause));
        at += pause;
    }
    CHECK(is_due(outbox.trouble(), now - 24h));  // the clock was set back
    CHECK(outbox.trouble()->since == now);
    outbox.note_no_trouble();
    CHECK_FALSE(outbox.trouble());
}

TEST_CASE(
    "what is noted to be wrong stays until it is noted to be over, and that until it is told") {
    const TemporaryDirectory directory;
    const sys::AlertNotes notes(directory / "state/alerts/send");
    CHECK(notes.all().empty());
    notes.note_over("snapshots home");
    CHECK(notes.all().empty());
    alert::Standing standing{"snapshots home", {alert::Kind::failure}};
    standing.begun = "it fails";
    standing.facts = {{"Error", "no space"}};
    notes.note(standing);
    REQUIRE(notes.all().size() == 1);
    CHECK(notes.all().front().begun == "it fails");
    CHECK(notes.all().front().kinds == standing.kinds);
    CHECK(notes.all().front().facts == standing.facts);
    notes.forget_over("snapshots home");
    CHECK(notes.all().size() == 1);  // it is not over
    notes.note_over("snapshots home");
    CHECK(notes.all().front().kinds.empty());
    notes.forget_over("snapshots home");
    CHECK(notes.all().empty());
}
