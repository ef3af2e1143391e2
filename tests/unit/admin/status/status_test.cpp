#include "snapferry/admin/status/status.h"

#include <nlohmann/json.hpp>

#include <sstream>

#include "admin/job_sample.h"
#include "catch.h"
#include "snapferry/admin/text_table.h"
#include "snapferry/core/unicode/display_width.h"
#include "snapferry/sys/machine/local_time.h"

using namespace snapferry;
using namespace snapferry::admin;
using namespace snapferry::testing;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

NamedJob named(const std::string& name, const std::string& host = "pi.lan") {
    return {name, JobIdentity::of("/data", "daily", host, 22, name)};
}

JobHistory history_of(const NamedJob& job) {
    JobHistory history;
    history.last_run.job = job.name;
    history.last_run.identity = job.identity;
    return history;
}

}  // namespace

TEST_CASE("jobs that are configured and jobs that have run are one list") {
    const auto music = history_of(named("music"));
    const auto photos = history_of(named("photos"));
    const auto states = job_states({named("home"), named("music")}, {music, photos});
    REQUIRE(states.size() == 3);
    CHECK(states[0].job == "home");
    CHECK(states[0].configured);
    CHECK_FALSE(states[0].history);
    CHECK(states[1].job == "music");
    CHECK(states[1].configured);
    CHECK(states[1].history);
    CHECK(states[2].job == "photos");
    CHECK_FALSE(states[2].configured);
}

TEST_CASE("a job is known by its identity, and called what the configuration calls it") {
    const auto renamed = named("documents");
    auto known = history_of(renamed);
    known.last_run.job = "home";
    const auto states = job_states({renamed}, {known});
    REQUIRE(states.size() == 1);
    CHECK(states[0].job == "documents");
    CHECK(states[0].history);
}

TEST_CASE("two jobs of one name are two, and can be told apart") {
    const auto states =
        job_states({named("home")}, {history_of(named("home")), history_of(named("home", "pi2"))});
    REQUIRE(states.size() == 2);
    CHECK(states[0].job == "home (pi.lan)");
    CHECK(states[0].configured);
    CHECK(states[1].job == "home (pi2)");
    CHECK_FALSE(states[1].configured);
}

TEST_CASE("what an earlier version noted of host and tag alone is that of the job that has them") {
    auto former = history_of(named("home"));
    former.last_run.identity = JobIdentity{"", "", "pi.lan", 0, "home"};
    const auto states = job_states({named("home"), named("home", "pi2")}, {former});
    REQUIRE(states.size() == 2);
    CHECK(states[0].history);
    CHECK_FALSE(states[1].history);
}

TEST_CASE("nothing there and nothing known are told apart") {
    auto state = state_of(good_run());
    state.history->newest = NothingThere{};
    state.history->kept.emplace();
    CHECK(status_text({{state}}, noon, sys::Screen{}).find(" none ") != std::string::npos);
    CHECK(status_json({{state}}, noon).find("\"newest_known\": true") != std::string::npos);
    CHECK(status_json({{state}}, noon).find("\"kept\": []") != std::string::npos);
    state.history->newest = NotAsked{};
    state.history->kept.reset();
    CHECK(status_text({{state}}, noon, sys::Screen{}).find(" unknown ") != std::string::npos);
    CHECK(status_json({{state}}, noon).find("\"kept\": null") != std::string::npos);
}

TEST_CASE("the status says the verdict first, then a line a job") {
    const auto lines =
        lines_of(status_text({{{"absent", true, {}}, state_of(good_run())}}, noon, sys::Screen{}));
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == "1 of 2 needs you: absent has never run");
    CHECK(lines[1].empty());
    const auto taken = when_text(noon - std::chrono::hours(3), noon);  // in this machine's zone
    const std::string gap(taken.size(), ' ');
    CHECK(lines[2] == "JOB     STATE  NEWEST" + gap.substr(6) + "  KEPT  FREE");
    CHECK(lines[3] == "absent  never  unknown" + gap.substr(7) + "  -     -");
    CHECK(lines[4] == "home    ok     " + taken + "  2     5.0 GiB");
}

TEST_CASE("what went wrong in the last run is said below") {
    const auto text = status_text({{state_of(failed_run())}}, noon, sys::Screen{});
    CHECK(text.find("failing") != std::string::npos);
    CHECK(text.find("\nhome: cannot reach pi.lan; is it on?\n") != std::string::npos);
}

TEST_CASE("no line of a status is longer than the screen is wide") {
    auto state = state_of(failed_run("a job with a long name, 写真写真写真写真写真写真"));
    state.history->newest = DurableSnapshot{std::string(200, 'n'), noon};
    for (const std::size_t width : {20U, 40U, 80U, 100U, 132U}) {
        const auto text = status_text({{state}}, noon, sys::Screen{width, false});
        for (const auto& line : lines_of(text))
            CHECK(display_width(line) <= width);
    }
    CHECK(status_text({{state}}, noon, sys::Screen{30, false}).find("…") != std::string::npos);
}

TEST_CASE("only a terminal sees colours, and names bring none of their own") {
    auto state = state_of(good_run());
    state.job = "red\x1b[31m";
    CHECK(status_text({{state}}, noon, sys::Screen{}).find('\x1b') == std::string::npos);
    CHECK(status_text({{state}}, noon, sys::Screen{120, false}).find('\x1b') == std::string::npos);
    const auto coloured = status_text({{state}}, noon, sys::Screen{120, true});
    CHECK(coloured.find("\x1b[32mok\x1b[0m") != std::string::npos);
    CHECK(coloured.find("\x1b[31m") == std::string::npos);
}

TEST_CASE("nothing known is said, not shown as an empty table") {
    CHECK(status_text({}, noon, sys::Screen{}) ==
          "Nothing is backed up: no job is configured, and none has ever run\n");
    CHECK(history_text({}, sys::Screen{}) == "no run is known\n");
}

TEST_CASE("the history has a line a run, in the order given") {
    auto quiet = good_run();
    quiet.stream_bytes = 0;
    auto full = good_run();
    full.parent.clear();
    const auto lines =
        lines_of(history_text({good_run(), full, quiet, failed_run("music\n")}, sys::Screen{}));
    REQUIRE(lines.size() == 5);
    CHECK(lines[1].find("3.0 MiB") != std::string::npos);
    CHECK(lines[1].find("in full") == std::string::npos);
    CHECK(lines[2].find("new-@daily in full") != std::string::npos);
    CHECK(lines[3].find("nothing to send: new-@daily") != std::string::npos);
    CHECK(lines[4].find("music\\x0a") != std::string::npos);
    CHECK(lines[4].find("cannot reach pi.lan") != std::string::npos);
}

TEST_CASE("JSON holds names as they are, and nothing where nothing is known") {
    auto state = state_of(failed_run("it's \"mine\""));
    state.history->newest = DurableSnapshot{"bad \xff byte", noon - std::chrono::hours(3)};
    const auto json = nlohmann::json::parse(status_json({{state, {"absent", true, {}}}}, noon));
    CHECK(json["time"] == sys::local_time_iso(noon));
    const auto& job = json["jobs"][0];
    CHECK(job["job"] == "it's \"mine\"");
    CHECK(job["last_run"]["exit_code"] == 10);
    CHECK(job["last_run"]["newest"].is_null());
    CHECK(job["last_success"]["stream_bytes"] == 3 << 20);
    CHECK(job["last_success"]["duration_seconds"] == 4.2);
    CHECK(job["newest"]["age_seconds"] == 3 * 3600);
    CHECK(job["kept"].size() == 2);
    CHECK(job["receiver_free_bytes"] == std::uint64_t{5} << 30);
    CHECK(json["jobs"][1]["last_run"].is_null());
    CHECK(json["jobs"][1]["newest"].is_null());
    CHECK(json["jobs"][1]["configured"] == true);

    const auto runs = nlohmann::json::parse(history_json({good_run()}))["runs"];
    REQUIRE(runs.size() == 1);
    CHECK(runs[0]["snapshot"] == "new-@daily");
    CHECK(runs[0]["error"].is_null());
}

TEST_CASE("words are broken between lines, never within") {
    const sys::Screen screen{20, false};
    CHECK(wrapped_text("one two three four five six seven", screen) ==
          "one two three four\n    five six seven\n");
    CHECK(wrapped_text("short", screen) == "short\n");
    CHECK(wrapped_text("as long as it is, where it is no terminal", sys::Screen{}) ==
          "as long as it is, where it is no terminal\n");
}

TEST_CASE("a duration is exact where it is short") {
    using namespace std::chrono_literals;
    CHECK(run_duration_text(0ms) == "0.0 s");
    CHECK(run_duration_text(1340ms) == "1.3 s");
    CHECK(run_duration_text(10000ms) == "10 s");
    CHECK(run_duration_text(125000ms) == "2 min 5 s");
    CHECK(age_text(-5s) == "0 s");
}
