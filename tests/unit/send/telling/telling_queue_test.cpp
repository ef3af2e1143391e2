#include "snapferry/send/telling/telling_queue.h"

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
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
        queue.ends(job, progress, report);
        queue.finish();
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
    std::optional<WallTime> known;  ///< of the newest backup, from the history
    send::TellingQueue queue{[this](const RunReport&) {
                                 return send::Hooks::Known{known, {}};
                             },
                             log};
    send::JobProgress progress;
    send::Job job{"home", directory.path(), "daily", Tag::parse("home"), {}};
    RunReport report;
};

bool has(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
}

/// Killed, and not waited for yet by whoever inherited it.
bool is_zombie(pid_t process) {
    return has(content_of(fmt::format("/proc/{}/status", process)), "State:\tZ");
}

WallTime ago(std::chrono::hours age) {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() - age);
}

}  // namespace

TEST_CASE("after a good run the hook for that is called, and no other") {
    Scene scene;
    scene.report.newest = DurableSnapshot{"a-@daily", ago(2h)};
    scene.job.max_age = 3h;
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
    scene.job.max_age = 3h;
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
        CHECK(scene.told("stale").empty());  // nobody knows yet how often one is made
        scene.job.max_age = 26h;
        scene.end_run();
        CHECK(has(scene.told("stale"), "SNAPFERRY_EVENT=stale\n"));
        CHECK(has(scene.told("stale"), "SNAPFERRY_RUN=1b4e28ba\n"));
        CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=1800"));
    }
}

TEST_CASE("that a backup is too old can be told between runs") {
    Scene scene;
    scene.queue.stale(scene.job, 100h);
    scene.queue.finish();
    CHECK(has(scene.told("stale"), "SNAPFERRY_JOB=home\n"));
    CHECK(has(scene.told("stale"), "SNAPFERRY_RUN=\n"));
    CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=360000\n"));
}

TEST_CASE("a hook that fails is a warning with what it said, and the next is called") {
    Scene scene;
    scene.report.newest = DurableSnapshot{"a-@daily", ago(50h)};
    scene.job.max_age = 26h;
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
                    metrics.tell(job, report, 26h);
            });
    }
    for (const auto& name : names)
        CHECK(has(content_of(file),
                  fmt::format("snapferry_runs_total{{backup=\"{}\",outcome=\"done\"}} {}\n", name,
                              runs)));
}

TEST_CASE(
    "numbers that cannot be written are a warning that names the file, and hooks are called") {
    Scene scene;
    scene.job.alerts.metrics = send::MetricsSettings{scene.directory / "absent" / "m.prom", {}};
    scene.end_run();
    REQUIRE(scene.log.lines.size() == 1);
    CHECK(has(scene.log.lines.front(), "warning of home: "));
    CHECK(has(scene.log.lines.front(), "absent/m.prom"));
    CHECK_FALSE(scene.told("success").empty());
}

TEST_CASE("on_fresh is called after a good run whose newest backup is known to be young") {
    Scene scene;
    scene.job.alerts.hooks.on_fresh = scene.noting("fresh");
    scene.job.max_age = 26h;
    scene.end_run();
    CHECK(scene.told("fresh").empty());  // nothing is known
    scene.report.newest = DurableSnapshot{"day-@daily", ago(50h)};
    scene.end_run();
    CHECK(scene.told("fresh").empty());
    scene.report.newest = DurableSnapshot{"day-@daily", ago(2h)};
    scene.report.outcome = ExitCode::connection;
    scene.end_run();
    CHECK(scene.told("fresh").empty());
    scene.report.outcome = ExitCode::done;
    scene.end_run();
    CHECK(has(scene.told("fresh"), "SNAPFERRY_EVENT=fresh\n"));
}

TEST_CASE("a backup from the future is not young: it is told as one that is too old") {
    Scene scene;
    scene.job.alerts.hooks.on_fresh = scene.noting("fresh");
    scene.job.max_age = 26h;
    scene.report.newest = DurableSnapshot{"day-@daily", ago(-1000h)};
    scene.end_run();
    CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=\n"));
    CHECK(scene.told("fresh").empty());
}

TEST_CASE("where the directory of the snapshots is missing what the history knows counts") {
    Scene scene;
    scene.job.snapshot_dir = scene.directory / "missing";
    scene.job.max_age = 26h;
    scene.report.outcome = ExitCode::directory_missing;
    scene.end_run();
    CHECK(scene.told("stale").empty());  // nothing is known
    scene.known = ago(50h);
    scene.end_run();
    CHECK(has(scene.told("stale"), "SNAPFERRY_AGE=1800"));
}

TEST_CASE("a hook that hangs keeps nobody waiting who only has something to tell") {
    Scene scene;
    scene.job.alerts.hooks.timeout = 1000s;
    scene.job.alerts.hooks.on_success = {"/bin/sh", "-c",
                                         "touch " + (scene.directory / "begun").native() +
                                             "; sleep 1000 & echo $! > " +
                                             (scene.directory / "pid").native() + "; wait"};
    scene.queue.ends(scene.job, scene.progress, scene.report);
    scene.report.outcome = ExitCode::connection;
    scene.queue.ends(scene.job, scene.progress, scene.report);
    while (content_of(scene.directory / "pid").empty())
        std::this_thread::sleep_for(1ms);
    CHECK(scene.told("failure").empty());
    scene.queue.stop();
    CHECK(scene.log.lines ==
          std::vector<std::string>{"warning of : stopped before it was told how the run of home "
                                   "ended (done), or not to the end",
                                   "warning of : stopped before it was told how the run of home "
                                   "ended (connection)"});
    const auto child = static_cast<pid_t>(std::stol(content_of(scene.directory / "pid")));
    while (::kill(child, 0) == 0 && !is_zombie(child))
        std::this_thread::sleep_for(1ms);
    scene.end_run();  // after the stop nothing is told
    CHECK(scene.told("failure").empty());
}

TEST_CASE("more than may wait is not told, and that is said") {
    Scene scene;
    send::TellingQueue queue([](const RunReport&) { return send::Hooks::Known{}; }, scene.log, 1);
    scene.job.alerts.hooks.on_success = {
        "/bin/sh", "-c", "touch " + (scene.directory / "begun").native() + "; sleep 1000"};
    queue.ends(scene.job, scene.progress, scene.report);
    while (!std::filesystem::exists(scene.directory / "begun"))
        std::this_thread::sleep_for(1ms);
    queue.ends(scene.job, scene.progress, scene.report);
    CHECK(scene.log.lines.empty());
    queue.ends(scene.job, scene.progress, scene.report);
    REQUIRE(scene.log.lines.size() == 1);
    CHECK(has(scene.log.lines.front(), "is not told: 1 others wait behind"));
    queue.stop();
}
