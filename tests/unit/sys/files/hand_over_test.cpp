#include "snapferry/sys/files/hand_over.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

std::vector<std::byte> word_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

UniqueFd come_with(const std::filesystem::path& place, std::string_view word) {
    const auto pipe = Pipe::make();
    return hand_over(place, word_of(word), pipe.read_end.get(), ExitCode::protocol);
}

/// Connects, and says this without any descriptor.
UniqueFd come_without(const std::filesystem::path& place, std::string_view word) {
    UniqueFd connection(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, place.c_str(), place.native().size());
    REQUIRE(::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == 0);
    if (!word.empty())
        REQUIRE(::send(connection.get(), word.data(), word.size(), 0) > 0);
    return connection;
}

bool has_ended(const UniqueFd& connection) {
    std::array<std::byte, 8> room{};
    return wait_readable(connection.get(), std::chrono::milliseconds{0}) &&
           ::recv(connection.get(), room.data(), room.size(), 0) <= 0;
}

}  // namespace

TEST_CASE(
    "a descriptor that is handed over is the other side's, and the connection tells when it is let "
    "go of") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "place";
    HandOverPlace place(path, ExitCode::receiving);
    CHECK_FALSE(place.next());

    auto pipe = Pipe::make();
    const auto connection =
        hand_over(path, word_of("seven"), pipe.read_end.get(), ExitCode::protocol);
    pipe.read_end.close();
    auto handed = place.next();
    REQUIRE(handed);
    CHECK(handed->word == word_of("seven"));
    CHECK_FALSE(place.next());

    write_all(pipe.write_end.get(), word_of("through it"), ExitCode::internal, "to the pipe");
    std::array<std::byte, 32> room{};
    const auto count =
        read_some(handed->descriptor.get(), room, ExitCode::internal, "from the pipe");
    CHECK(std::vector(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count)) ==
          word_of("through it"));

    CHECK_FALSE(has_ended(connection));
    handed.reset();
    CHECK(has_ended(connection));
}

TEST_CASE("who comes without a descriptor, with nothing to say or with too much is passed over") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "place";
    HandOverPlace place(path, ExitCode::receiving);
    const auto silent = come_without(path, "");
    const auto empty_handed = come_without(path, "a word");
    const auto long_winded = come_with(path, std::string(HandOverPlace::longest_word + 1, 'x'));
    const auto right = come_with(path, "the right one");
    const auto handed = place.next();
    REQUIRE(handed);
    CHECK(handed->word == word_of("the right one"));
    CHECK(has_ended(silent));
    CHECK(has_ended(empty_handed));
    CHECK(has_ended(long_winded));
}

TEST_CASE(
    "a place is private, takes the place of one that was left behind, and is gone with its owner") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "place";
    auto unheard = [&] {
        const HandOverPlace killed(path, ExitCode::receiving);
        const HandOverPlace after_it(path, ExitCode::receiving);
        struct stat data {};
        REQUIRE(::stat(path.c_str(), &data) == 0);
        CHECK((data.st_mode & 07777U) == 0600);
        return come_with(path, "is never heard");
    }();
    CHECK(has_ended(unheard));
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(failure_of([&] { (void)come_with(path, "to nobody"); }).code() == ExitCode::protocol);
}

TEST_CASE("who comes where too many wait is turned away") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "place";
    const HandOverPlace place(path, ExitCode::receiving);
    std::vector<UniqueFd> waiting;
    const auto failure = failure_of([&] {
        for (int i = 0; i < 1000; ++i)
            waiting.push_back(come_with(path, "and another"));
    });
    CHECK(failure.code() == ExitCode::protocol);
    CHECK(waiting.size() < 100);
}
