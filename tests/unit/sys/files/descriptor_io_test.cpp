#include "snapferry/sys/files/descriptor_io.h"

#include <unistd.h>

#include <array>
#include <climits>

#include "catch.h"
#include "snapferry/sys/files/pipe.h"

using namespace std::chrono_literals;
using namespace snapferry::sys;

namespace {

/// Writes until the pipe takes no more.
void fill(int pipe) {
    stop_blocking(pipe);
    const std::array<char, 4096> piece{};
    while (::write(pipe, piece.data(), piece.size()) > 0) {
    }
}

}  // namespace

TEST_CASE("a time is given to poll as it can take it") {
    CHECK(poll_timeout(0ms) == 0);
    CHECK(poll_timeout(-5ms) == 0);
    CHECK(poll_timeout(1500ms) == 1500);
    CHECK(poll_timeout(24h * 25) == INT_MAX);
    CHECK(poll_timeout(24h * 365 * 100) == INT_MAX);
}

TEST_CASE("room to write is waited for, and so is a reader that goes") {
    auto pipe = Pipe::make();
    CHECK(wait_writable(pipe.write_end.get(), 0ms));
    fill(pipe.write_end.get());
    CHECK_FALSE(wait_writable(pipe.write_end.get(), 10ms));
    SECTION("a reader that reads makes room") {
        std::array<char, 4096> piece{};
        CHECK(::read(pipe.read_end.get(), piece.data(), piece.size()) > 0);
    }
    SECTION("a reader that is gone is for the writer to find out") {
        pipe.read_end.close();
    }
    CHECK(wait_writable(pipe.write_end.get(), 10s));
}

TEST_CASE("something to read is waited for, and so is the end") {
    auto pipe = Pipe::make();
    CHECK_FALSE(wait_readable(pipe.read_end.get(), 10ms));
    pipe.write_end.close();
    CHECK(wait_readable(pipe.read_end.get(), 10s));
}
