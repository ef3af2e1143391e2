#include "snapferry/core/rotation/rotation_standing.h"

#include "catch.h"
#include "contains_text.h"
#include "snapferry/core/status/verdict.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds noon{std::chrono::sys_days{std::chrono::November / 27 / 2026} +
                                        12h};

RotationStanding made(std::chrono::seconds ago) {
    return {"home", "/data/home", noon - ago, {}, noon + 1h, {}};
}

RotationStanding missed(std::chrono::seconds ago) {
    auto rotation = made(ago + 24h);
    rotation.missed = noon - ago;
    return rotation;
}

}  // namespace

TEST_CASE("snapshots by a calendar are well, late, none or unknown, and why is said") {
    struct Row {
        RotationStanding rotation;
        RotationCondition wanted;
        CheckState state;
        std::string text;
        std::string need;
    };
    auto nothing = made(0h);
    nothing.last.reset();
    auto unknown = made(3h);
    unknown.unknown = "/data/home is not there";
    const auto more = "; is snapferry-send running? journalctl -u snapferry-send tells more";
    for (const auto& row :
         {Row{made(3h), RotationCondition::ok, CheckState::ok, "the last was made 3 h ago", ""},
          Row{made(-72h), RotationCondition::ok, CheckState::ok,
              "the last was made 3 days from now", ""},
          Row{missed(1h), RotationCondition::ok, CheckState::ok, "the last was made 25 h ago", ""},
          Row{missed(3h), RotationCondition::late, CheckState::warning,
              std::string("a snapshot of /data/home was due 3 h ago, and the last was made 27 h "
                          "ago") +
                  more,
              "snapshots.home: one was due 3 h ago"},
          Row{nothing, RotationCondition::none, CheckState::warning,
              std::string("no snapshot of /data/home has been made yet") + more,
              "snapshots.home: none has been made yet"},
          Row{unknown, RotationCondition::unknown, CheckState::unknown, "/data/home is not there",
              "snapshots.home: /data/home is not there"}}) {
        const auto finding = finding_of(row.rotation, noon);
        CHECK(condition_of(row.rotation, noon) == row.wanted);
        CHECK(finding.state == row.state);
        CHECK(finding.text == "snapshots.home: " + row.text);
        CHECK(need_of(row.rotation, noon) == row.need);
    }
}

TEST_CASE("a machine whose snapshots are late is not well, though its backups are young") {
    Standing standing;
    standing.jobs = {{"home", true}};
    const auto without = needs_of(standing, noon).size();
    standing.rotations = {made(3h)};
    CHECK(needs_of(standing, noon).size() == without);
    standing.rotations = {missed(3h)};
    REQUIRE(needs_of(standing, noon).size() == without + 1);
    CHECK_THAT(text_of(needs_of(standing, noon).back()),
               contains_text("snapshots.home: one was due 3 h ago"));
}
