#include "snapferry/send/telling/alerts.h"

#include <sys/stat.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/sys/files/file_lock.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using snapferry::testing::content_of;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

class Notebook final : public Log {
  public:
    void write(Severity severity, std::string_view line) override {
        write_about({}, severity, line);
    }
    void write_about(const LogContext& about, Severity severity, std::string_view line) override {
        lines.push_back(fmt::format("{} of {}: {}", severity_name(severity), about.job, line));
    }
    std::vector<std::string> lines;
};

/// A job whose hooks write what they are told into a file of the directory.
class Scene {
  public:
    Scene() {
        auto& hooks = job.alerts.hooks;
        hooks.on_success = noting("success");
        hooks.on_failure = noting("failure");
        hooks.on_stale = noting("stale");
        report.run = "1b4e28ba";
        report.job = "home";
    }

    void end_run() {
        for (auto* const listener : alerts.listeners())
            listener->ends(job, progress, report);
    }

    /// What the hook was told; empty where it was not called.
    [[nodiscard]] std::string told(const std::string& hook) const {
        return content_of(directory / hook);
    }

    [[nodiscard]] send::HookCommand noting(const std::string& hook) const {
        return {"/bin/sh", "-c", "env | grep ^SNAPFERRY >" + (directory / hook).native()};
    }

    TemporaryDirectory directory;
    Notebook log;
    send::Alerts alerts{log};
    send::JobProgress progress;
    send::Job job{"home", directory.path(), "daily", Tag::parse("home"), {}};
    RunReport report;
};

bool has(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
}

WallTime ago(std::chrono::hours age) {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() - age);
}

}  // namespace

TEST_CASE("after a good run the hook for that is called, and no other") {
    Scene scene;
    scene.report.newest = DurableSnapshot{"a-@daily", ago(2h)};
    scene.job.alerts.hooks.stale_after = 3h;
    scene.end_run();
    CHECK(has(scene.told("success"), "SNAPFERRY_EVENT=success\n"));
    CHECK(has(scene.told("success"), "SNAPFERRY_JOB=home\n"));
    CHECK(has(scene.told("success"), "SNAPFERRY_AGE=720"));
    CHECK(scene.told("failure").empty());
    CHECK(scene.told("stale").empty());
    CHECK(scene.log.lines.empty());
}

TEST_CASE("after a failed run the hook for that is called, and no other") {
    Scene scene;
    scene.report.outcome = ExitCode::connection;
    scene.report.error = "cannot connect";
    scene.job.alerts.hooks.stale_after = 3h;
    scene.end_run();
    CHECK(has(scene.told("failure"), "SNAPFERRY_OUTCOME=connection\n"));
    CHECK(has(scene.told("failure"), "SNAPFERRY_EXIT_CODE=10\n"));
    CHECK(has(scene.told("failure"), "SNAPFERRY_ERROR=cannot connect\n"));
    CHECK(scene.told("success").empty());
    CHECK(scene.told("stale").empty());  // nothing is known of the newest
}

TEST_CASE("where the newest backup is too old, that is told after the run, however it went") {
    for (const auto outcome : {ExitCode::done, ExitCode::no_space}) {
        Scene scene;
        scene.report.outcome = outcome;
        scene.report.newest = DurableSnapshot{"a-@daily", ago(50h)};
        scene.end_run();
        CHECK(scene.told("stale").empty());  // no stale_after: nothing is too old
        scene.job.alerts.hooks.stale_after = 26h;
        scene.end_run();
        CHECK(has(scene.told("stale"), "SNAPFERRY_EVENT=stale\n"));
        CHECK(has(scene.told("stale"), "SNAPFERRY_RUN=1b4e28ba\n"));
        CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=1800"));
    }
}

TEST_CASE("that a backup is too old can be told between runs") {
    Scene scene;
    scene.alerts.hooks().stale(scene.job, 100h);
    CHECK(has(scene.told("stale"), "SNAPFERRY_JOB=home\n"));
    CHECK(has(scene.told("stale"), "SNAPFERRY_RUN=\n"));
    CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=360000\n"));
}

TEST_CASE("a hook that fails is a warning with what it said, and the next is called") {
    Scene scene;
    scene.report.newest = DurableSnapshot{"a-@daily", ago(50h)};
    scene.job.alerts.hooks.stale_after = 26h;
    scene.job.alerts.hooks.on_success = {"/bin/sh", "-c",
                                         "echo one; echo '\033[31mtwo' >&2; exit 22"};
    scene.end_run();
    CHECK(scene.log.lines ==
          std::vector<std::string>{"warning of home: the hook on_success, /bin/sh, failed: exit "
                                   "status 22: one \\x1b[31mtwo"});
    CHECK_FALSE(scene.told("stale").empty());
}

TEST_CASE("a hook that is not there is a warning") {
    Scene scene;
    scene.job.alerts.hooks.on_success = {"/nonexistent/hook"};
    scene.end_run();
    REQUIRE(scene.log.lines.size() == 1);
    CHECK(has(scene.log.lines.front(), "the hook on_success, /nonexistent/hook, failed"));
}

TEST_CASE("a hook that takes too long is killed, and a warning") {
    Scene scene;
    scene.job.alerts.hooks.timeout = 1s;
    scene.job.alerts.hooks.on_success = {"/bin/sleep", "1000"};
    scene.end_run();
    CHECK(scene.log.lines ==
          std::vector<std::string>{
              "warning of home: the hook on_success, /bin/sleep, failed: killed after 1 s"});
}

TEST_CASE("the file of numbers is made, readable by all, and goes on") {
    Scene scene;
    const auto file = scene.directory / "m.prom";
    scene.job.alerts.metrics = send::MetricsSettings{file, {"home"}};
    const auto before = ::umask(0077);
    scene.end_run();
    scene.end_run();
    ::umask(before);
    CHECK(has(content_of(file), "snapferry_runs_total{backup=\"home\",outcome=\"done\"} 2\n"));
    struct stat data {};
    REQUIRE(::stat(file.c_str(), &data) == 0);
    CHECK((data.st_mode & 0777) == 0644);
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(scene.directory.path()))
        if (entry.path().filename().native().starts_with("m."))
            names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    CHECK(names ==
          std::vector<std::string>{"m.prom", "m.prom.lock"});  // the collector reads *.prom
}

TEST_CASE("several jobs that end at once all get into the file of numbers") {
    const TemporaryDirectory directory;
    const auto file = directory / "m.prom";
    constexpr int runs = 10;
    const std::vector<std::string> names{"a", "b", "c"};
    {
        std::vector<std::jthread> threads;
        for (const auto& name : names)
            threads.emplace_back([&] {
                send::MetricsFile metrics;
                send::Job job{name, "/", "daily", Tag::parse("home"), {}};
                job.alerts.metrics = send::MetricsSettings{file, names};
                RunReport report;
                report.job = name;
                for (int run = 0; run < runs; ++run)
                    metrics.ends(job, {}, report);
            });
    }
    for (const auto& name : names)
        CHECK(has(content_of(file),
                  fmt::format("snapferry_runs_total{{backup=\"{}\",outcome=\"done\"}} {}\n", name,
                              runs)));
}

TEST_CASE("numbers that cannot be written are a failure that names the file") {
    Scene scene;
    scene.job.alerts.metrics = send::MetricsSettings{scene.directory / "absent" / "m.prom", {}};
    const auto failure = failure_of([&] { scene.end_run(); });
    CHECK(has(failure.what(), "absent/m.prom"));
}
