#include "snapferry/core/plan/manifest_plan.h"

#include <string>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

const Uuid source = uuid(200);

Uuid copy_of(unsigned day) {
    return uuid(day + 50);
}

std::string name_of(unsigned day) {
    return "2021-08-0" + std::to_string(day) + "T07:00:01+00:00-@daily";
}

LocalSnapshot snapshot(unsigned day) {
    LocalSnapshot made{SnapshotName::parse(name_of(day)).value(), uuid(day), uuid(day), source};
    made.uuid = uuid(day);
    made.number = day;
    made.named = std::chrono::sys_days(std::chrono::year(2021) / 8 / std::chrono::day(day));
    made.taken = *made.named;
    made.path = "/data/" + name_of(day);
    return made;
}

LocalSnapshot pin(unsigned day) {
    auto made = snapshot(day);
    made.own = uuid(day + 100);
    made.origin = uuid(day);
    made.pinned = true;
    made.path = "/data/.snapferry/" + name_of(day);
    return made;
}

SentSnapshot sent(unsigned day, std::optional<Uuid> copy) {
    return {name_of(day), uuid(day), 0, copy};
}

RemoteSnapshot there(unsigned day, std::optional<bool> has_manifest) {
    return {SnapshotName::parse(name_of(day)).value(), uuid(day), copy_of(day), has_manifest};
}

struct Sides {
    std::vector<LocalSnapshot> local;
    std::vector<SentSnapshot> sent;
    std::vector<RemoteSnapshot> remote;

    [[nodiscard]] std::vector<std::string> wanted(ManifestScope scope) const {
        std::vector<std::string> names;
        for (const auto& one : wanted_manifests(local, this->sent, remote, scope))
            names.push_back(one.snapshot.path + " " + one.copy.text());
        return names;
    }
};

std::string of(const LocalSnapshot& one, unsigned day) {
    return one.path + " " + copy_of(day).text();
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the manifest of the newest that the receiver has is wanted, and all where all are") {
    const Sides sides{{snapshot(1), snapshot(2), snapshot(3)},
                      {sent(1, copy_of(1)), sent(2, copy_of(2))},
                      {there(2, false), there(1, false)}};
    CHECK(sides.wanted(ManifestScope::newest) == Names{of(snapshot(2), 2)});
    CHECK(sides.wanted(ManifestScope::all) == Names{of(snapshot(2), 2), of(snapshot(1), 1)});
}

TEST_CASE("where the newest has its manifest no older one is made in its stead") {
    const Sides sides{{snapshot(1), snapshot(2)},
                      {sent(1, copy_of(1)), sent(2, copy_of(2))},
                      {there(2, true), there(1, false)}};
    CHECK(sides.wanted(ManifestScope::newest).empty());
    CHECK(sides.wanted(ManifestScope::all) == Names{of(snapshot(1), 1)});
}

TEST_CASE("a manifest is made of no copy but the one that was told of") {
    Sides sides{{snapshot(1)}, {sent(1, copy_of(9))}, {there(1, false)}};
    CHECK(sides.wanted(ManifestScope::all).empty());  // somebody else's
    sides.sent = {};
    CHECK(sides.wanted(ManifestScope::all).empty());  // first contact
    sides.sent = {sent(1, copy_of(1))};
    CHECK(sides.wanted(ManifestScope::all).size() == 1);
    sides.sent.front().unfinished = true;
    sides.sent.front().copy.reset();
    CHECK(sides.wanted(ManifestScope::all).empty());
}

TEST_CASE("who does not say whether it has a manifest takes none") {
    const Sides sides{{snapshot(1)}, {sent(1, copy_of(1))}, {there(1, {})}};
    CHECK(sides.wanted(ManifestScope::newest).empty());
    CHECK(sides.wanted(ManifestScope::all).empty());
}

TEST_CASE("a manifest is made of the pin, where there is one, and once") {
    const Sides sides{{snapshot(1), pin(1)}, {sent(1, copy_of(1))}, {there(1, false)}};
    CHECK(sides.wanted(ManifestScope::all) == Names{of(pin(1), 1)});
}

TEST_CASE("a pin is of the lineage of what its original was taken from, and of that one's time") {
    const std::vector<SentSnapshot> known{sent(1, copy_of(1))};
    const std::vector<RemoteSnapshot> remote{there(1, false)};
    const auto lineage_of = [&](const std::vector<LocalSnapshot>& local) {
        return wanted_manifests(local, known, remote, ManifestScope::newest).at(0);
    };
    const auto both = lineage_of({snapshot(1), pin(1)});
    CHECK(both.lineage == std::vector{uuid(101), uuid(1), source});
    CHECK(both.taken == snapshot(1).taken);
    const auto alone = lineage_of({pin(1)});
    CHECK(alone.lineage == std::vector{uuid(101), uuid(1)});
    CHECK_FALSE(alone.taken);
    const auto unpinned = lineage_of({snapshot(1)});
    CHECK(unpinned.lineage == std::vector{uuid(1), source});
    CHECK(unpinned.taken == snapshot(1).taken);
}
