#include "snapferry/receive/talk/join_point.h"

#include <array>
#include <thread>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::receive;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

/// A further connection, and the process that serves it.
class Further {
  public:
    Further(const std::filesystem::path& place, const wire::Join& join)
        : thread_([this, place, join] {
              SenderLink link(stream_.read_end.get(), words_.write_end.get(),
                              std::chrono::seconds{10});
              join_exchange(place, join, stream_.read_end.get(), link);
          }) {
        REQUIRE(
            sys::wait_readable(words_.read_end.get(), std::chrono::seconds{60}));  // it has joined
    }

    void say(const wire::Message& message) {
        sys::write_all(stream_.write_end.get(), wire::encode(message), ExitCode::internal,
                       "to the receiver");
    }

  private:
    sys::Pipe stream_ = sys::Pipe::make();
    sys::Pipe words_ = sys::Pipe::make();
    std::jthread thread_;  ///< ends when it is let go of
};

}  // namespace

TEST_CASE("what comes over several connections in turn is read in the order in which it was sent") {
    const TemporaryDirectory directory;
    const auto first = sys::Pipe::make();
    const auto to_sender = sys::Pipe::make();
    std::optional<Further> second;
    std::optional<Further> third;
    SenderLink link(first.read_end.get(), to_sender.write_end.get(), std::chrono::seconds{10});
    {
        JoinPoint point(directory.path() / "join");
        third.emplace(directory.path() / "join", wire::Join{point.token(), 2});
        second.emplace(directory.path() / "join", wire::Join{point.token(), 1});
        link.spread(point.take(2));
    }
    constexpr int count = 100;
    for (int number = 0; number < count; ++number) {
        const wire::StreamEnd message{static_cast<std::uint64_t>(number), std::string(32, '0')};
        if (number % 3 == 0)
            sys::write_all(first.write_end.get(), wire::encode(message), ExitCode::internal,
                           "to the receiver");
        else
            (number % 3 == 1 ? second : third)->say(message);
    }
    for (int number = 0; number < count; ++number)
        REQUIRE(std::get<wire::StreamEnd>(link.next_message()).bytes ==
                static_cast<std::uint64_t>(number));
    link.gather();
    sys::write_all(first.write_end.get(), wire::encode(wire::Goodbye{}), ExitCode::internal,
                   "to the receiver");
    CHECK(std::holds_alternative<wire::Goodbye>(link.next_message()));
}

TEST_CASE("who joins with another token, twice, or under a number that is not due is passed over") {
    const TemporaryDirectory directory;
    const auto place = directory.path() / "join";
    std::vector<std::unique_ptr<Further>> came;
    JoinPoint point(place);
    wire::JoinToken other = point.token();
    other.bytes.back() ^= std::byte{1};
    for (const auto& join :
         {wire::Join{other, 1}, wire::Join{wire::JoinToken{}, 1}, wire::Join{point.token(), 0},
          wire::Join{point.token(), 2}, wire::Join{point.token(), 1}, wire::Join{point.token(), 1}})
        came.push_back(std::make_unique<Further>(place, join));
    const auto inputs = point.take(1);
    CHECK(inputs.size() == 1);
}

TEST_CASE("a stream is not spread over connections that have not joined") {
    const TemporaryDirectory directory;
    const auto place = directory.path() / "join";
    std::unique_ptr<Further> came;
    JoinPoint point(place);
    CHECK(failure_of([&] { (void)point.take(1); }).code() == ExitCode::protocol);
    came = std::make_unique<Further>(place, wire::Join{point.token(), 1});
    CHECK(failure_of([&] { (void)point.take(2); }).code() == ExitCode::protocol);
}

TEST_CASE("there is nothing to join where no exchange is under way") {
    const TemporaryDirectory directory;
    const auto pipe = sys::Pipe::make();
    SenderLink link(pipe.read_end.get(), pipe.write_end.get(), std::chrono::seconds{10});
    CHECK(failure_of([&] {
              join_exchange(directory.path() / "join", {}, pipe.read_end.get(), link);
          }).code() == ExitCode::protocol);
}
