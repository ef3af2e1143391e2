#include "snapferry/sys/files/pipe.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <string_view>

#include "catch.h"
#include "snapferry/sys/files/descriptor_io.h"

using namespace snapferry;

TEST_CASE("a pipe for one write takes no second one before that is read") {
    constexpr std::chrono::milliseconds at_once{0};
    const auto pipe = sys::Pipe::make_for_one_write();
    const std::string_view word = "little";
    REQUIRE(::write(pipe.write_end.get(), word.data(), word.size()) == 6);
    CHECK_FALSE(sys::wait_writable(pipe.write_end.get(), at_once));
    sys::stop_blocking(pipe.write_end.get());
    CHECK(::write(pipe.write_end.get(), word.data(), word.size()) == -1);

    std::array<char, 16> read{};
    CHECK(::read(pipe.read_end.get(), read.data(), read.size()) == 6);
    CHECK(sys::wait_writable(pipe.write_end.get(), at_once));
}
