#include "snapferry/core/rotation/rotation_name.h"

#include <set>
#include <string>
#include <vector>

#include "catch.h"
#include "rotated.h"

using namespace snapferry;
using namespace snapferry::testing;
using namespace std::chrono_literals;

namespace {

const ZoneOffset europe = in_europe;

/// A directory whose snapshots get their names by the clock as it is set.
class Directory {
  public:
    Directory() = default;
    explicit Directory(const std::vector<std::string>& names) {
        for (const auto& name : names) {
            add(name, time_in_name(name, europe, {}).value());
        }
    }

    std::variant<NewName, std::string> name_at(std::chrono::sys_seconds now) const {
        return name_now({snapshots, taken, "hourly", now, europe});
    }

    NewName make_at(std::chrono::sys_seconds now) {
        auto made = std::get<NewName>(name_at(now));
        add(made.name.text(), now);
        return made;
    }

    std::vector<LocalSnapshot> snapshots;
    std::set<std::string> taken;

  private:
    void add(const std::string& name, std::chrono::sys_seconds now) {
        snapshots.push_back(rotated(name, static_cast<unsigned>(snapshots.size() + 1), now));
        taken.insert(name);
    }
};

std::string name_at(const std::vector<std::string>& names, const std::string& now) {
    return Directory(names).make_at(at(now)).name.text();
}

}  // namespace

TEST_CASE("a directory's own form of names is continued") {
    const auto [there, made] = GENERATE(table<std::vector<std::string>, std::string>({
        {std::vector<std::string>{}, "2021-08-17T09:00:01+02:00-@hourly"},
        {{"2021-08-16--09-00-01-@hourly"}, "2021-08-17--09-00-01-@hourly"},
        {{"2021-08-16T09:00:01+02:00-@hourly"}, "2021-08-17T09:00:01+02:00-@hourly"},
        {{"2021-08-16--09-00-01-@daily"}, "2021-08-17--09-00-01-@hourly"},
        {{"2021-08-15--09-00-01-@hourly", "2021-08-16T09:00:01+02:00-@hourly"},
         "2021-08-17T09:00:01+02:00-@hourly"},
        {{"2021-08-15--09-00-01-@hourly", "2021-08-16T09:00:01+02:00-@daily"},
         "2021-08-17--09-00-01-@hourly"},
        {{"2021-08-15--09-00-01-before-the-upgrade-@hourly"}, "2021-08-17T09:00:01+02:00-@hourly"},
    }));
    CHECK(name_at(there, "2021-08-17T07:00:01+00:00") == made);
}

TEST_CASE("only TIME-@TAG is a name of the rotation") {
    CHECK(form_of_rotated("2021-08-17T07:00:01+00:00-@hourly", "hourly") == NameForm::with_offset);
    CHECK(form_of_rotated("2021-08-17T07:00:01-09:30-@hourly", "hourly") == NameForm::with_offset);
    CHECK(form_of_rotated("2021-08-17--07-00-01-@hourly", "hourly") == NameForm::of_zone);
    for (const auto* const other :
         {"2021-08-17--07-00-01-@daily", "2021-08-17--07-00-01@hourly", "my-@hourly",
          "2021-08-17--07-00-01-mine-@hourly", "2021-13-17--07-00-01-@hourly", "-@hourly", "",
          "home.20210817T0700", "2021-08-17T07:00:01+00:00", "2021-08-17T07:00:01+00:00-@",
          "2021-08-17T07:00:01+00:00-@hourlyx", "2021-08-17T07:00:01-@hourly"}) {
        CAPTURE(other);
        CHECK_FALSE(form_of_rotated(other, "hourly"));
    }
}

TEST_CASE("a name says its time by the offset of the place") {
    const auto when = at("2021-08-17T07:00:01+00:00");
    CHECK(rotated_name(NameForm::with_offset, {when, -9h - 30min}, "x") ==
          "2021-08-16T21:30:01-09:30-@x");
    CHECK(rotated_name(NameForm::with_offset, {when, 14h}, "x") == "2021-08-17T21:00:01+14:00-@x");
    CHECK(rotated_name(NameForm::of_zone, {when, -9h}, "x") == "2021-08-16--22-00-01-@x");
}

TEST_CASE("two in one second have two names") {
    CHECK(name_at({"2021-08-17T09:00:01+02:00-@hourly"}, "2021-08-17T07:00:01+00:00") ==
          "2021-08-17T09:00:02+02:00-@hourly");
    CHECK(name_at({"2021-08-17--09-00-01-@hourly"}, "2021-08-17T07:00:01+00:00") ==
          "2021-08-17--09-00-02-@hourly");
}

TEST_CASE("a name that something else has is not given") {
    Directory directory;
    directory.taken = {"2021-08-17T09:00:01+02:00-@hourly", "2021-08-17T09:00:02+02:00-@hourly"};
    CHECK(directory.make_at(at("2021-08-17T07:00:01+00:00")).name.text() ==
          "2021-08-17T09:00:03+02:00-@hourly");
}

TEST_CASE("where the clock was set back a name comes after the newest all the same, and says so") {
    Directory directory({"2021-08-17T12:00:00+02:00-@hourly"});
    const auto made = directory.make_at(at("2021-08-17T07:00:01+00:00"));
    CHECK(made.name.text() == "2021-08-17T12:00:01+02:00-@hourly");
    CHECK(made.why_not_now.find("2021-08-17T12:00:00+02:00-@hourly") != std::string::npos);
    CHECK(directory.make_at(at("2021-08-17T08:00:01+00:00")).name.text() ==
          "2021-08-17T12:00:02+02:00-@hourly");
    const auto later = directory.make_at(at("2021-08-17T10:00:02+00:00"));
    CHECK(later.name.text() == "2021-08-17T12:00:03+02:00-@hourly");
    CHECK(later.why_not_now.empty());
}

TEST_CASE("a clock that is years behind, as that of a machine without a battery, is not believed") {
    CHECK(name_at({"2021-08-17T12:00:00+02:00-@hourly"}, "1970-01-01T00:00:10+00:00") ==
          "2021-08-17T12:00:01+02:00-@hourly");
}

TEST_CASE("one snapshot from the future does not take all others there") {
    CHECK(name_at({"2099-01-01T00:00:00+01:00-@hourly", "2021-08-17T08:00:01+02:00-@hourly"},
                  "2021-08-17T07:00:01+00:00") == "2021-08-17T09:00:01+02:00-@hourly");
}

TEST_CASE("after the last second that a name can say there is no name") {
    const Directory directory({"9999-12-31T23:59:59+01:00-@hourly"});
    CHECK(std::get<std::string>(directory.name_at(at("2021-08-17T07:00:01+00:00")))
              .find("no name can say a time later") != std::string::npos);
}

TEST_CASE("names are in order through every change of the clocks, by time and by bytes") {
    const auto form = GENERATE(as<std::string>{}, "2021-03-27--23-00-00-@hourly",
                               "2021-03-27T23:00:00+01:00-@hourly", "2021-10-30--23-00-00-@hourly",
                               "2021-10-30T23:00:00+02:00-@hourly");
    const auto every = GENERATE(as<std::chrono::seconds>{}, 60min, 15min, 7min, 1s);
    Directory directory({form});
    auto now = time_in_name(form, europe, {}).value();
    const auto step = std::max<std::chrono::seconds>(every, 40s);  // so that it ends
    for (const auto end = now + 8h; now < end; now += step) {
        const auto before = directory.snapshots.back();
        auto made = directory.make_at(now);
        if (made.name.text() <= before.name.text() ||
            *directory.snapshots.back().named <= *before.named || made.when.at - now > 1h + 10min) {
            CAPTURE(before.name.text(), made.name.text());
            FAIL("not in order, or too far ahead");
        }
    }
    CHECK(time_in_name(directory.snapshots.back().name.text(), europe, now).value() == now - step);
}

TEST_CASE("a machine that has moved to another zone goes on by its clock") {
    Directory directory({"2021-08-17T18:00:00+09:00-@hourly"});  // 09:00 UTC
    CHECK(directory.make_at(at("2021-08-17T10:00:00+00:00")).name.text() ==
          "2021-08-17T12:00:00+02:00-@hourly");
}
