#include "snapferry/core/report/hook_environment.h"

#include <algorithm>

#include "catch.h"
#include "page.h"

using namespace snapferry;
using namespace std::chrono_literals;

TEST_CASE("a hook is told all of a run that went well") {
    RunReport report;
    report.run = "1b4e28ba";
    report.job = "home";
    report.identity = JobIdentity::of("/data", "daily", "pi.lan", 22, "tag");
    report.started = WallTime{1795590000250ms};
    report.duration = 61'750ms;
    report.snapshot = "b-@daily";
    report.parent = "a-@daily";
    report.stream_bytes = 5'000'000'000;
    report.wire_bytes = 2'500'000'000;
    report.newest = DurableSnapshot{"b-@daily", WallTime{1795589000000ms}};
    report.kept = {{"b-@daily", "a-@daily"}};
    report.receiver_free_bytes = 700;
    CHECK(hook_environment("success", report, 90s) ==
          std::vector<std::string>{
              "SNAPFERRY_EVENT=success", "SNAPFERRY_JOB=home", "SNAPFERRY_TAG=tag",
              "SNAPFERRY_RECEIVER=pi.lan", "SNAPFERRY_RUN=1b4e28ba", "SNAPFERRY_OUTCOME=done",
              "SNAPFERRY_EXIT_CODE=0", "SNAPFERRY_ERROR=", "SNAPFERRY_SNAPSHOT=b-@daily",
              "SNAPFERRY_PARENT=a-@daily", "SNAPFERRY_BYTES=5000000000",
              "SNAPFERRY_WIRE_BYTES=2500000000", "SNAPFERRY_STARTED=1795590000",
              "SNAPFERRY_SECONDS=61.8", "SNAPFERRY_NEWEST=b-@daily",
              "SNAPFERRY_NEWEST_TAKEN=1795589000", "SNAPFERRY_AGE=90", "SNAPFERRY_KEPT=2",
              "SNAPFERRY_FREE_BYTES=700"});
}

TEST_CASE("a hook is told why a run failed, and what is not known is empty") {
    RunReport report;
    report.run = "1b4e28ba";
    report.job = "home";
    report.outcome = ExitCode::no_space;
    report.error = "the disk is full; make room";
    const auto told = hook_environment("failure", report, std::nullopt);
    const auto has = [&](const std::string& variable) {
        return std::find(told.begin(), told.end(), variable) != told.end();
    };
    for (const auto* variable :
         {"SNAPFERRY_EVENT=failure", "SNAPFERRY_OUTCOME=no_space", "SNAPFERRY_EXIT_CODE=16",
          "SNAPFERRY_ERROR=the disk is full; make room", "SNAPFERRY_SNAPSHOT=", "SNAPFERRY_PARENT=",
          "SNAPFERRY_BYTES=0", "SNAPFERRY_NEWEST=", "SNAPFERRY_NEWEST_TAKEN=", "SNAPFERRY_AGE=",
          "SNAPFERRY_KEPT=", "SNAPFERRY_FREE_BYTES="}) {
        CAPTURE(variable);
        CHECK(has(variable));
    }
}

TEST_CASE("where there was no run, nothing is told of one") {
    RunReport report;
    report.job = "home";
    const auto told = hook_environment("stale", report, 100h);
    const auto has = [&](const std::string& variable) {
        return std::find(told.begin(), told.end(), variable) != told.end();
    };
    for (const auto* variable :
         {"SNAPFERRY_EVENT=stale", "SNAPFERRY_JOB=home", "SNAPFERRY_AGE=360000",
          "SNAPFERRY_OUTCOME=", "SNAPFERRY_EXIT_CODE=", "SNAPFERRY_BYTES=", "SNAPFERRY_STARTED=",
          "SNAPFERRY_SECONDS=", "SNAPFERRY_RUN="}) {
        CAPTURE(variable);
        CHECK(has(variable));
    }
}

TEST_CASE("the manual describes every variable") {
    const snapferry::testing::Page manual("man/snapferry-send.toml.5");
    for (const auto& variable : hook_environment("success", {}, std::nullopt)) {
        const auto name = variable.substr(0, variable.find('='));
        CAPTURE(name);
        CHECK(manual.says("\n.It Ev " + name + "\n"));
    }
}
