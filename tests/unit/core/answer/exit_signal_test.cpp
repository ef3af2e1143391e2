#include "snapferry/core/answer/exit_signal.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("a signal's status is the one that a shell gives it") {
    CHECK(status_of_signal("KILL") == 137);
    CHECK(status_of_signal("SEGV") == 139);
    CHECK(status_of_signal("TERM") == 143);
    for (const auto* odd : {"", "SIG@openssh.com", "kill", "KILL\n"}) {
        CHECK(status_of_signal(odd) == 128);
    }
}

TEST_CASE("a crash is told from an end that a reboot or a lost line brings") {
    for (const int crash : {128, 132, 134, 135, 136, 137, 139, 159}) {
        CHECK(is_crash(crash));
    }
    for (const int other : {-1, 0, 1, 10, 14, 20, 127, 129, 130, 141, 143, 200, 255}) {
        CHECK_FALSE(is_crash(other));
    }
    CHECK(signal_text(137) == "SIGKILL");
    CHECK(signal_text(128) == "a signal");
}
