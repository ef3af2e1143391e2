#include "snapferry/core/report/metrics.h"

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <sstream>

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

RunReport good_run(const std::string& job) {
    RunReport report;
    report.run = "1b4e28ba";
    report.job = job;
    report.started = WallTime{1795590000250ms};
    report.duration = 61'750ms;
    report.stream_bytes = 5'000'000'000;
    report.wire_bytes = 2'500'000'000;
    report.newest = DurableSnapshot{"2026-11-25T07:00:01+00:00-@daily", WallTime{1795589000000ms}};
    report.kept = {{"b", "a"}};
    report.receiver_free_bytes = 700;
    return report;
}

RunReport failed_run(const std::string& job, ExitCode outcome) {
    RunReport report;
    report.run = "2b4e28ba";
    report.job = job;
    report.started = WallTime{1795676400000ms};
    report.duration = 3'005ms;
    report.outcome = outcome;
    report.error = "cannot connect";
    return report;
}

const std::vector<std::string> home_alone{"home"};
const std::vector<std::string> both{"home", "photos"};

bool says(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("the numbers of a first good run") {
    CHECK(metrics_after_run("", good_run("home"), home_alone) ==
          R"(# HELP snapferry_last_run_timestamp_seconds When the last run ended.
# TYPE snapferry_last_run_timestamp_seconds gauge
snapferry_last_run_timestamp_seconds{backup="home"} 1795590062.000
# HELP snapferry_last_success_timestamp_seconds When the last run that went well ended.
# TYPE snapferry_last_success_timestamp_seconds gauge
snapferry_last_success_timestamp_seconds{backup="home"} 1795590062.000
# HELP snapferry_newest_backup_timestamp_seconds When the newest snapshot was made that is durably at the receiver; 0 where none is.
# TYPE snapferry_newest_backup_timestamp_seconds gauge
snapferry_newest_backup_timestamp_seconds{backup="home"} 1795589000.000
# HELP snapferry_last_run_duration_seconds How long the last run took.
# TYPE snapferry_last_run_duration_seconds gauge
snapferry_last_run_duration_seconds{backup="home"} 61.750
# HELP snapferry_last_run_exit_code What the last run came to; 0 is well.
# TYPE snapferry_last_run_exit_code gauge
snapferry_last_run_exit_code{backup="home"} 0
# HELP snapferry_last_run_stream_bytes What the last run sent, uncompressed.
# TYPE snapferry_last_run_stream_bytes gauge
snapferry_last_run_stream_bytes{backup="home"} 5000000000
# HELP snapferry_last_run_wire_bytes What the last run sent, as it was on the line.
# TYPE snapferry_last_run_wire_bytes gauge
snapferry_last_run_wire_bytes{backup="home"} 2500000000
# HELP snapferry_kept_backups How many snapshots the receiver keeps.
# TYPE snapferry_kept_backups gauge
snapferry_kept_backups{backup="home"} 2
# HELP snapferry_receiver_free_bytes What is free on the receiver's disk.
# TYPE snapferry_receiver_free_bytes gauge
snapferry_receiver_free_bytes{backup="home"} 700
# HELP snapferry_runs_total How many runs there were, by outcome.
# TYPE snapferry_runs_total counter
snapferry_runs_total{backup="home",outcome="done"} 1
# HELP snapferry_failed_runs_total How many runs did not go well.
# TYPE snapferry_failed_runs_total counter
snapferry_failed_runs_total{backup="home"} 0
)");
}

TEST_CASE("a failed run leaves what it says nothing of, and counters go on") {
    const auto good = metrics_after_run("", good_run("home"), home_alone);
    const auto text = metrics_after_run(good, failed_run("home", ExitCode::connection), home_alone);
    CHECK(says(text, R"(snapferry_last_run_timestamp_seconds{backup="home"} 1795676403.005)"));
    CHECK(says(text, R"(snapferry_last_success_timestamp_seconds{backup="home"} 1795590062.000)"));
    CHECK(says(text, R"(snapferry_newest_backup_timestamp_seconds{backup="home"} 1795589000.000)"));
    CHECK(says(text, R"(snapferry_last_run_exit_code{backup="home"} 10)"));
    CHECK(says(text, R"(snapferry_last_run_stream_bytes{backup="home"} 0)"));
    CHECK(says(text, R"(snapferry_kept_backups{backup="home"} 2)"));
    CHECK(says(text, R"(snapferry_receiver_free_bytes{backup="home"} 700)"));
    CHECK(says(text, R"(snapferry_runs_total{backup="home",outcome="done"} 1)"));
    CHECK(says(text, R"(snapferry_runs_total{backup="home",outcome="connection"} 1)"));
    CHECK(says(text, R"(snapferry_failed_runs_total{backup="home"} 1)"));

    const auto again = metrics_after_run(text, failed_run("home", ExitCode::connection), both);
    CHECK(says(again, R"(snapferry_runs_total{backup="home",outcome="connection"} 2)"));
    CHECK(says(again, R"(snapferry_failed_runs_total{backup="home"} 2)"));
}

TEST_CASE("a first run that fails has no time of a success") {
    const auto text = metrics_after_run("", failed_run("home", ExitCode::host_key), home_alone);
    CHECK(text.find("last_success") == std::string::npos);
    CHECK(text.find("newest_backup") == std::string::npos);
    CHECK(says(text, R"(snapferry_failed_runs_total{backup="home"} 1)"));
}

TEST_CASE("what is said of other jobs stays as it is, and of jobs that are no more it goes") {
    const auto photos = metrics_after_run("", good_run("photos"), both);
    const auto text = metrics_after_run(photos, failed_run("home", ExitCode::busy), both);
    for (const auto& line : lines_of(photos)) {
        CAPTURE(line);
        CHECK(says(text, line));
    }
    CHECK(says(text, R"(snapferry_last_run_exit_code{backup="home"} 15)"));
    CHECK(metrics_after_run(text, good_run("home"), home_alone).find("photos") ==
          std::string::npos);
}

TEST_CASE("where the receiver has nothing, the newest backup is as old as can be") {
    const auto good = metrics_after_run("", good_run("home"), home_alone);
    auto empty = failed_run("home", ExitCode::no_space);
    empty.newest = NothingThere{};
    empty.kept.emplace();
    const auto text = metrics_after_run(good, empty, home_alone);
    CHECK(says(text, R"(snapferry_newest_backup_timestamp_seconds{backup="home"} 0)"));
    CHECK(says(text, R"(snapferry_kept_backups{backup="home"} 0)"));
}

TEST_CASE("a family is described once, and its samples stand together") {
    auto text = metrics_after_run("", good_run("home"), both);
    text = metrics_after_run(text, good_run("photos"), both);
    text = metrics_after_run(text, failed_run("home", ExitCode::busy), both);
    std::set<std::string> seen;
    std::string family;
    for (const auto& line : lines_of(text)) {
        CAPTURE(line);
        std::smatch found;
        if (std::regex_match(line, found, std::regex("# HELP (\\w+) \\S.*"))) {
            family = found[1];
            CHECK(seen.insert(family).second);
        } else if (std::regex_match(line, found, std::regex("# TYPE (\\w+) (gauge|counter)"))) {
            CHECK(found[1] == family);
            CHECK((found[2] == "counter") == family.ends_with("_total"));
        } else {
            REQUIRE(std::regex_match(
                line, found,
                std::regex(R"re((\w+)\{backup="\w+"(,outcome="\w+")?\} [0-9]+(\.[0-9]{3})?)re")));
            CHECK(found[1] == family);
        }
    }
    CHECK(seen.size() == 11);
}

TEST_CASE(
    "names keep to the conventions of Prometheus: a prefix, base units last, no 'job' label") {
    const auto text = metrics_after_run("", good_run("home"), home_alone);
    for (const auto& line : lines_of(text)) {
        if (!line.starts_with("# HELP"))
            continue;
        const auto name = line.substr(7, line.find(' ', 7) - 7);
        CAPTURE(name);
        CHECK(name.starts_with("snapferry_"));
        constexpr std::array endings{"_seconds", "_bytes", "_total", "_exit_code", "_backups"};
        CHECK(std::any_of(endings.begin(), endings.end(),
                          [&](const char* ending) { return name.ends_with(ending); }));
    }
    CHECK(text.find("job=") == std::string::npos);
}

TEST_CASE("whatever a job is called, it is escaped and found again") {
    const std::string name =
        "a \"b\" \\n c\nd, {e} gr\xc3\xbc\xc3\x9f"
        "e}";
    auto text = metrics_after_run("", good_run(name), std::vector{name});
    CHECK(says(text,
               "snapferry_last_run_exit_code{backup=\"a \\\"b\\\" \\\\n c\\nd, {e} "
               "gr\xc3\xbc\xc3\x9f"
               "e}\"} 0"));
    text = metrics_after_run(text, good_run(name), std::vector{name});
    CHECK(text.find("outcome=\"done\"} 2\n") != std::string::npos);
}

TEST_CASE("what is not of this form in the file before is passed over") {
    const auto good = metrics_after_run("", good_run("photos"), both);
    const auto fresh = metrics_after_run("", good_run("home"), both);
    for (const std::string junk :
         {"junk", "{", "}", "\n\n", "snapferry_runs_total", "snapferry_runs_total{",
          "snapferry_runs_total{backup=", "snapferry_runs_total{backup=\"home\"",
          "snapferry_runs_total{backup=\"home\\", "snapferry_last_run_exit_code{backup=\"home\"} ",
          "snapferry_last_run_exit_code{backup=\"photos\"} x",
          "snapferry_last_run_exit_code{backup=\"photos\"} 1 2", "other_metric{backup=\"home\"} 1",
          "snapferry_last_run_exit_code{name=\"home\"} 1"}) {
        CAPTURE(junk);
        CHECK(metrics_after_run(junk, good_run("home"), both) == fresh);
        CHECK(metrics_after_run(good + junk, good_run("home"), both) ==
              metrics_after_run(good, good_run("home"), both));
    }
}

TEST_CASE("a counter that cannot be read begins again") {
    const auto text =
        metrics_after_run("snapferry_runs_total{backup=\"home\",outcome=\"done\"} -3\n",
                          good_run("home"), home_alone);
    CHECK(says(text, R"(snapferry_runs_total{backup="home",outcome="done"} 1)"));
}
