#include "snapferry/core/proof/book.h"

#include <string>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/core/proof/judgement.h"

namespace snapferry::proof {
namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;

When at(int hour) {
    return {CountedTime(hours(hour)), sys_seconds(hours(400'000 + hour))};
}

Verification found(Outcome outcome, int hour, Part part = {}) {
    Verification verification{at(hour), outcome, part, 10};
    if (outcome == Outcome::differs) {
        verification.differences = 3;
        verification.first = {"a b: contents"};
    } else if (outcome == Outcome::cannot_say) {
        verification.first = {"manifest refused"};
    }
    return verification;
}

std::string listed(const Book& book, unsigned copy, int hour) {
    const auto known = book.copies.find(uuid(copy));
    return state_text(known == book.copies.end() ? CopyProof{} : known->second, true, at(hour));
}

std::vector<Finding> judged(const Book& book, int hour, std::optional<hours> max_age = {}) {
    return judge(Tag::parse("home"), book, {{uuid(1), "monday"}}, max_age, at(hour));
}

TEST_CASE("That a backup differs is forgotten only once all of it was found well") {
    Book book;
    note(book, uuid(1), found(Outcome::differs, 1));
    CHECK(listed(book, 1, 3) == "DIFFERS: 3 entries, as seen 2 h ago (a b: contents)");
    for (unsigned part = 1; part <= 2; ++part) {
        note(book, uuid(1), found(Outcome::well, 4, {part, 2}));
        CHECK(listed(book, 1, 4).starts_with("DIFFERS"));
        CHECK(worst_of(judged(book, 4)) == CheckState::critical);
    }
    note(book, uuid(1), found(Outcome::cannot_say, 5));
    CHECK(listed(book, 1, 5).starts_with("DIFFERS"));
    note(book, uuid(1), found(Outcome::well, 6));
    CHECK(listed(book, 1, 8) == "verified 2 h ago");
    CHECK(judged(book, 8).empty());
}

TEST_CASE("A list says what was verified, and of what nothing is known") {
    Book book;
    CHECK(listed(book, 1, 1) == "never verified");
    CHECK(state_text({}, false, at(1)) == "has no manifest to be verified by");
    note(book, uuid(1), found(Outcome::well, 1, {3, 12}));
    CHECK(listed(book, 1, 2) == "part 3 of 12 verified 1 h ago");
    note(book, uuid(1), found(Outcome::well, 2));
    note(book, uuid(1), found(Outcome::well, 3, {4, 12}));
    CHECK(listed(book, 1, 4) == "part 4 of 12 verified 1 h ago; all of it verified 2 h ago");
    note(book, uuid(1), found(Outcome::cannot_say, 5));
    CHECK(listed(book, 1, 6) ==
          "could not be verified 1 h ago (manifest refused); all of it verified 4 h ago");
}

TEST_CASE("A part is gone through whatever was found, but not where nothing could be said") {
    Book book;
    note(book, uuid(1), found(Outcome::well, 1, {1, 3}));
    note(book, uuid(2), found(Outcome::differs, 2, {2, 3}));
    CHECK(next_part(3, book.parts) == Part{3, 3});
    note(book, uuid(2), found(Outcome::cannot_say, 3, {3, 3}));
    CHECK(next_part(3, book.parts) == Part{3, 3});
    note(book, uuid(2), found(Outcome::well, 4, {3, 3}));
    note(book, uuid(2), found(Outcome::well, 5));
    CHECK(next_part(3, book.parts) == Part{1, 3});
}

TEST_CASE("What is known of a backup goes with it, but not when one was last verified") {
    Book book;
    note(book, uuid(1), found(Outcome::well, 1));
    note(book, uuid(2), found(Outcome::differs, 2));
    keep_only(book, {uuid(3)});
    CHECK(book.copies.empty());
    CHECK(book.last_well == at(1));
    CHECK(judged(book, 25 * 24, hours(30 * 24)).front().state == CheckState::ok);
    CHECK(judged(book, 31 * 24, hours(30 * 24)).front().state == CheckState::warning);
}

TEST_CASE("A check asks for verification where it was told to, and always hears of a difference") {
    Book book;
    CHECK(judged(book, 1).empty());
    CHECK(judged(book, 1, hours(1)).front().state == CheckState::warning);
    note(book, uuid(2), found(Outcome::differs, 1));  // of a backup that is gone
    CHECK(judged(book, 1).empty());
    note(book, uuid(1), found(Outcome::cannot_say, 1));
    CHECK(worst_of(judged(book, 1)) == CheckState::warning);
    note(book, uuid(1), found(Outcome::differs, 1));
    CHECK(worst_of(judged(book, 1)) == CheckState::critical);
    book = {};
    book.is_sound = false;
    CHECK(worst_of(judged(book, 1)) == CheckState::warning);
}

TEST_CASE("A drill that went wrong is critical, one that went well is told of") {
    Book book;
    book.drill = Drill{at(1), Outcome::well, "monday", 20, 1000};
    CHECK(worst_of(judged(book, 2)) == CheckState::ok);
    book.drill->outcome = Outcome::differs;
    CHECK(worst_of(judged(book, 2)) == CheckState::critical);
    book.drill->outcome = Outcome::cannot_say;
    CHECK(worst_of(judged(book, 2)) == CheckState::warning);
}

TEST_CASE("An age is the longer one of two clocks, and never less than nothing") {
    const When then{CountedTime(hours(10)), sys_seconds(hours(100))};
    CHECK(age_of(then, {CountedTime(hours(12)), sys_seconds(hours(103))}) == hours(3));
    CHECK(age_of(then, {CountedTime(hours(12)), sys_seconds(hours(50))}) == hours(2));
    CHECK(age_of(then, {CountedTime(hours(0)), sys_seconds(hours(50))}) == hours(0));
}

TEST_CASE("A result is one line, and what a disk or a sender has said in it is escaped") {
    Result result;
    result.tag = "home";
    result.name = "mon\nday";
    result.why = "it has no manifest";
    CHECK(text_of(result) == "home mon\\x0aday: cannot say: it has no manifest");
    result.outcome = Outcome::differs;
    result.part = {3, 12};
    result.differences = 2;
    CHECK(text_of(result) ==
          "home mon\\x0aday: DIFFERS: part 3 of 12, 2 entries are not as they were sent");
    const Differing differing{{"a\x1b", {manifest::Aspect::unreadable}}, "input/output error"};
    CHECK(text_of(differing) == "a\\x1b: unreadable (input/output error)");
    CHECK(text_of(Differing{{"", {manifest::Aspect::mode, manifest::Aspect::owner}}}) ==
          ".: mode, owner");
}

}  // namespace
}  // namespace snapferry::proof
