#include "snapferry/receive/proof/proof_notes.h"

#include <string>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/receive/setup/config.h"
#include "temporary_directory.h"

namespace snapferry::receive {
namespace {

using proof::Outcome;

/// A tag with two backups, in a directory of its own.
TagView view_in(const testing::TemporaryDirectory& directory) {
    Config config;
    config.target_dir = directory.path();
    const auto tag = Tag::parse("home");
    std::filesystem::create_directory(directory / ".snapferry");
    TagView view{tag, target_of(config, tag), {}, {}, {}};
    view.inventory.backups.reserve(2);
    for (const unsigned number : {1U, 2U}) {
        Backup backup{
            SnapshotName::parse("day-" + std::to_string(number)).value(), uuid(number), 0, {}};
        backup.copy = uuid(number);
        view.inventory.backups.push_back(backup);
    }
    return view;
}

proof::Verification differing() {
    proof::Verification verification;
    verification.when = {CountedTime(std::chrono::hours(5)),
                         std::chrono::sys_seconds(std::chrono::hours(7))};
    verification.outcome = Outcome::differs;
    verification.part = {3, 12};
    verification.entries = 100;
    verification.differences = 2;
    verification.took = std::chrono::seconds(9);
    verification.first = {"a b: contents", "c: missing"};
    return verification;
}

TEST_CASE("What is remembered of proofs is what was written") {
    const testing::TemporaryDirectory directory;
    const auto view = view_in(directory);
    CHECK(read_proofs(view.target.verified) == proof::Book{});
    proof::Book written;
    change_proofs(view, [&](proof::Book& book) {
        note(book, uuid(1), differing());
        auto well = differing();
        well.outcome = Outcome::well;
        note(book, uuid(2), well);
        book.drill = proof::Drill{well.when, Outcome::well, "day-1", 3, 4, {}};
        written = book;
    });
    CHECK(read_proofs(view.target.verified) == written);
    CHECK(written.copies.size() == 2);
    CHECK(written.parts.when.size() == 1);
}

TEST_CASE("What is known of a backup goes with the next note after it has gone") {
    const testing::TemporaryDirectory directory;
    auto view = view_in(directory);
    change_proofs(view, [&](proof::Book& book) { note(book, uuid(1), differing()); });
    view.inventory.backups.erase(view.inventory.backups.begin());
    change_proofs(view, [&](proof::Book& book) { note(book, uuid(2), differing()); });
    const auto book = read_proofs(view.target.verified);
    CHECK_FALSE(book.copies.contains(uuid(1)));
    CHECK(book.copies.contains(uuid(2)));
}

TEST_CASE("Notes that are not as they were written say so, and the next ones replace them") {
    const testing::TemporaryDirectory directory;
    const auto view = view_in(directory);
    change_proofs(view, [&](proof::Book& book) { note(book, uuid(1), differing()); });
    const auto good = testing::content_of(view.target.verified);
    for (const auto& bad :
         {std::string(), std::string("{}"), std::string("[1]"), std::string("\xff"),
          good.substr(0, good.size() / 2), std::string(R"({"format": 2})")}) {
        (void)directory.file(".snapferry/home.verified", bad);
        CHECK_FALSE(read_proofs(view.target.verified).is_sound);
    }
    change_proofs(view, [&](proof::Book& book) { note(book, uuid(1), differing()); });
    CHECK(read_proofs(view.target.verified).is_sound);
}

}  // namespace
}  // namespace snapferry::receive
