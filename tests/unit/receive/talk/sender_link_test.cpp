#include "snapferry/receive/talk/sender_link.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "catch.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/files/unique_fd.h"

using namespace snapferry;
using namespace snapferry::receive;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

namespace {

/// The link's ends as sshd makes them: one socket for both directions, and it may block.
struct Line {
    std::array<int, 2> ends{};
    sys::UniqueFd receiver;
    sys::UniqueFd sender;

    Line() {
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        receiver = sys::UniqueFd(ends[0]);
        sender = sys::UniqueFd(ends[1]);
    }
};

/// Writes until nothing more goes.
void fill(int fd) {
    const std::array<char, 4096> much{};
    sys::UniqueFd own(
        ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (own) {  // a pipe: by flags that the other does not see
        while (::write(own.get(), much.data(), much.size()) > 0) {
        }
        return;
    }
    while (::send(fd, much.data(), much.size(), MSG_DONTWAIT) > 0) {
    }
}

/// Says a byte of the text every so often, until it is told to stop.
class Trickle {
  public:
    Trickle(int fd, std::vector<std::byte> bytes)
        : thread_([fd, bytes = std::move(bytes)](const std::stop_token& stop) {
              for (const auto byte : bytes) {
                  if (stop.stop_requested() || ::write(fd, &byte, 1) != 1) {
                      return;
                  }
                  std::this_thread::sleep_for(milliseconds{20});
              }
          }) {}

  private:
    std::jthread thread_;
};

}  // namespace

TEST_CASE("a first message that comes a byte at a time has one deadline") {
    const Line line;
    SenderLink link(line.receiver.get(), line.receiver.get(), seconds{60});
    const Trickle slow(line.sender.get(), wire::encode(wire::Hello{std::string(10'000, 'x')}));
    CHECK_THROWS_AS(link.first_message(Clock::now() + milliseconds{300}), SenderLost);
}

TEST_CASE("a message that is due and comes a byte at a time has one deadline") {
    const Line line;
    SenderLink link(line.receiver.get(), line.receiver.get(), seconds{1});
    const Trickle slow(line.sender.get(), wire::encode(wire::Hello{std::string(10'000, 'x')}));
    CHECK_THROWS_AS(link.next_message(), SenderLost);
}

TEST_CASE("whole messages may follow each other for longer than one may take") {
    const Line line;
    SenderLink link(line.receiver.get(), line.receiver.get(), seconds{1});
    const std::jthread sender([&line] {
        for (int times = 0; times < 4; ++times) {
            std::this_thread::sleep_for(milliseconds{400});
            const auto frame =
                times < 3 ? wire::encode(wire::KeepAlive{}) : wire::encode(wire::Goodbye{});
            CHECK(::write(line.sender.get(), frame.data(), frame.size()) > 0);
        }
    });
    CHECK(std::holds_alternative<wire::Goodbye>(link.next_message()));
}

TEST_CASE("a sender who takes nothing is lost after a while, on a socket and on a pipe") {
    const Line line;
    const auto pipe = sys::Pipe::make();
    for (const int output : {line.receiver.get(), pipe.write_end.get()}) {
        fill(output);
        SenderLink link(line.receiver.get(), output, seconds{1});
        const auto begin = Clock::now();
        CHECK_THROWS_AS(link.send(wire::Ready{}), SenderLost);
        CHECK(Clock::now() - begin >= seconds{1});
        const auto after = Clock::now();
        CHECK_THROWS_AS(link.send(wire::Ready{}), SenderLost);  // part of a frame may have gone
        link.write(Severity::info, "nobody hears this, and nobody waits for it");
        CHECK(Clock::now() - after < milliseconds{900});
        CHECK((::fcntl(output, F_GETFL) & O_NONBLOCK) == 0);  // others write there, too
    }
}

TEST_CASE("a message larger than any buffer arrives whole at who reads slowly") {
    const Line line;
    const auto pipe = sys::Pipe::make();
    const auto frame = wire::encode(wire::LogLine{Severity::info, std::string(900'000, 'x')});
    for (const auto& [output, input] : {std::pair(line.receiver.get(), line.sender.get()),
                                        std::pair(pipe.write_end.get(), pipe.read_end.get())}) {
        std::vector<std::byte> arrived;
        std::jthread sender([&arrived, size = frame.size(), from = input] {
            std::array<std::byte, 30'000> piece{};
            while (arrived.size() < size) {
                const auto count = ::read(from, piece.data(), piece.size());
                if (count <= 0) {
                    return;
                }
                arrived.insert(arrived.end(), piece.begin(), piece.begin() + count);
            }
        });
        SenderLink link(line.receiver.get(), output, seconds{60});
        link.send(wire::LogLine{Severity::info, std::string(900'000, 'x')});
        sender.join();
        CHECK((arrived == frame));
    }
}

TEST_CASE("a heartbeat that nobody hears ends with the stream, not with the peer") {
    const Line line;
    fill(line.receiver.get());
    SenderLink link(line.receiver.get(), line.receiver.get(), seconds{1});
    const auto begin = Clock::now();
    {
        const Heartbeat heartbeat(link, [] { return wire::Progress{}; });
    }
    CHECK(Clock::now() - begin < seconds{4});
}

TEST_CASE("a receiver that is told to end reads no more, however much there is to read") {
    Line line;
    fill(line.sender.get());
    SenderLink link(line.receiver.get(), line.receiver.get(), seconds{30});
    std::array<std::byte, 16> bytes{};
    {
        sys::HeldSignals signals;
        link.listen_to(&signals);
        CHECK(link.read_some(bytes) == bytes.size());
        REQUIRE(::raise(SIGTERM) == 0);
        CHECK_THROWS_AS(link.read_some(bytes), ToldToEnd);
        REQUIRE(::raise(SIGHUP) == 0);  // and what comes after it is the same word again
        link.listen_to(nullptr);
    }
    CHECK(link.read_some(bytes) == bytes.size());
}
