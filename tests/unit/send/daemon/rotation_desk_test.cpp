#include "snapferry/send/daemon/rotation_desk.h"

#include <atomic>
#include <condition_variable>
#include <string>

#include "catch.h"
#include "snapferry/sys/systemd/calendar.h"

using namespace snapferry;
using namespace snapferry::send;
using namespace std::chrono_literals;

namespace {

struct SilentLog final : Log {
    void write(Severity, std::string_view) override {}
};

/// Counts what the desk does, and waits for it.
class Machine {
  public:
    RotationDesk::Means means() {
        return {[this](const Rotation&) { return rotate(); },
                [this](const Rotation&) { return last; },
                [this](const std::string&, std::optional<std::chrono::sys_seconds> after) {
                    return after ? since : to_come;
                }};
    }

    RotationDesk::WhenDone when_failed() {
        return [this](const Rotation&, const Failure* failure) {
            const std::lock_guard changing(mutex_);
            failures += failure == nullptr ? "" : std::string(failure->what()) + "\n";
            bell_.notify_all();
        };
    }

    void await(const std::function<bool()>& condition) {
        std::unique_lock waiting(mutex_);
        REQUIRE(bell_.wait_for(waiting, 60s, condition));
    }

    std::optional<std::chrono::sys_seconds> last;
    std::vector<std::chrono::sys_seconds> since;
    std::vector<std::chrono::sys_seconds> to_come;
    std::optional<Failure> trouble;
    unsigned fails = 0;
    unsigned rotated = 0;
    std::string failures;
    SilentLog log;

  private:
    std::optional<Failure> rotate() {
        const std::lock_guard changing(mutex_);
        bell_.notify_all();
        if (fails > 0) {
            --fails;
            throw Failure(ExitCode::sending, "it failed");
        }
        ++rotated;
        return trouble;
    }

    std::mutex mutex_;
    std::condition_variable bell_;
};

Rotation hourly() {
    return {"home", "/data/home", "/data/snaps", "hourly", {24, {}}, "hourly"};
}

}  // namespace

TEST_CASE("what was missed while no daemon ran is made up for by one snapshot") {
    const auto now = sys::now().wall;
    Machine machine;
    machine.last = now - 5h;
    machine.since = {now - 4h, now - 3h};
    machine.to_come = {now + 1h};
    RotationDesk desk(machine.means(), machine.when_failed(), machine.log);
    desk.set({hourly()});
    machine.await([&] { return machine.rotated == 1; });
    CHECK(machine.failures.empty());
}

TEST_CASE("where nothing is missed the calendar is waited for") {
    const auto now = sys::now().wall;
    Machine machine;
    machine.last = now;
    machine.since = {now + 2s};
    machine.to_come = {now + 2s, now + 1000h};
    RotationDesk desk(machine.means(), machine.when_failed(), machine.log);
    desk.set({hourly()});
    machine.await([&] { return machine.rotated == 1; });
    CHECK(sys::now().wall >= now + 2s);
}

TEST_CASE("trouble after a snapshot was made is told, and is no reason to make another") {
    const auto now = sys::now().wall;
    Machine machine;
    machine.to_come = {now + 1000h};
    machine.trouble = Failure(ExitCode::configuration, "nothing is deleted");
    RotationDesk desk(machine.means(), machine.when_failed(), machine.log);
    desk.set({hourly()});
    machine.await([&] { return !machine.failures.empty(); });
    desk.set({hourly()});  // as it was
    CHECK(machine.failures == "nothing is deleted\n");
    CHECK(machine.rotated == 1);
}

TEST_CASE("a rotation without a calendar is not the daemon's") {
    Machine machine;
    {
        RotationDesk desk(machine.means(), machine.when_failed(), machine.log);
        auto by_hand = hourly();
        by_hand.calendar.clear();
        desk.set({by_hand});
    }
    CHECK(machine.rotated == 0);
}

TEST_CASE("a failure is told, and it is tried again") {
    Machine machine;
    machine.fails = 1;
    machine.to_come = {sys::now().wall + 1000h};
    RotationDesk desk(machine.means(), machine.when_failed(), machine.log);
    desk.set({hourly()});
    machine.await([&] { return machine.failures == "it failed\n"; });
    CHECK(machine.rotated == 0);  // the pause before the next is half a minute at least
}
