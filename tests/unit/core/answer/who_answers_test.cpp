#include "snapferry/core/answer/who_answers.h"

#include <vector>

#include "catch.h"
#include "snapferry/core/wire/frame.h"

using namespace snapferry;
using Kind = NoReceiver::Kind;

namespace {

constexpr bool ended = true;
const std::string greeting(wire::greeting);
const std::string chroot_and_no_stream = "Chroot to /mnt/backup/home\nERROR: unexpected header\n";

WhoAnswers answer(std::string_view out, std::string_view err, std::optional<int> status,
                  const Asked& asked = {}) {
    return who_answers({out, err, status}, status.has_value(), asked);
}

NoReceiver nobody(std::string_view out, std::string_view err, std::optional<int> status,
                  const Asked& asked = {}) {
    return std::get<NoReceiver>(answer(out, err, status, asked));
}

constexpr Asked raw_demanded{true, HasSpoken::never};

}  // namespace

TEST_CASE("a greeting is one wherever it stands within the bound") {
    const auto noise =
        GENERATE(std::string(), "hello\n", "no line end", "\x1b[2J\0binary", "snapferry/1\n",
                 "snapferry/1\rsnapferry/", std::string(60'000, 'x'));
    const auto who = answer(noise + greeting + "\x01\0\0\0", "", std::nullopt);
    CHECK(std::get<SpeaksSnapferry>(who).noise == noise);
}

TEST_CASE("what is no exact greeting is none") {
    for (const auto& out : {std::string("snapferry/1\r"), std::string("snapferry/1\n"),
                            std::string("snapferry/2\r\n"), std::string("SNAPFERRY/1\r\n"),
                            std::string(greeting_bound, 'x') + greeting,
                            std::string(greeting_bound - 5, 'x') + greeting}) {
        CHECK_FALSE(find_greeting(out).has_value());
        CHECK(nobody(out, "", 1).kind == Kind::unknown);
    }
}

TEST_CASE("who prints without end is named as that") {
    const auto found = nobody(std::string(greeting_bound, 'x') + "\n", "", std::nullopt);
    CHECK(found.code == ExitCode::protocol);
    CHECK(found.message.find("no greeting") != std::string::npos);
}

TEST_CASE("the words of btrfs receive are evidence of a classic receiver") {
    // As btrfs-progs 3.6 to 6.x say it, on either output, with what a script says around it.
    for (const auto& said :
         {std::string("ERROR: unexpected header\n"), std::string("ERROR: Unexpected header"),
          chroot_and_no_stream, "motd\r\n" + chroot_and_no_stream + "receive failed\n",
          chroot_and_no_stream + "snapshot-receive: btrfs receive failed\n"}) {
        for (const int status : {1, 14, 255}) {
            CAPTURE(said, status);
            const auto from_err = answer("", said, status);
            const auto from_out = answer(said, "", status);
            CHECK(std::get<SpeaksRaw>(from_err).evidence.starts_with("ERROR: "));
            CHECK(std::get<SpeaksRaw>(from_out).evidence.starts_with("ERROR: "));
        }
    }
}

TEST_CASE("who has ever spoken the protocol is never taken for a classic one again") {
    const auto found = nobody("", chroot_and_no_stream, 1, {false, HasSpoken::yes});
    CHECK(found.kind == Kind::once_snapferry);
    CHECK(found.code == ExitCode::protocol);
    CHECK(found.hint.find("--protocol raw") != std::string::npos);
    CHECK(nobody("", chroot_and_no_stream, 1, {false, HasSpoken::not_known}).kind ==
          Kind::once_snapferry);
    CHECK(std::holds_alternative<SpeaksRaw>(
        answer("", chroot_and_no_stream, 1, {true, HasSpoken::yes})));
}

TEST_CASE("a classic receiver that fails and calls it a success is not believed") {
    CHECK(nobody("", chroot_and_no_stream, 0).kind == Kind::takes_anything);
    CHECK(std::holds_alternative<SpeaksRaw>(answer("", chroot_and_no_stream, 0, raw_demanded)));
}

TEST_CASE("exit status 0 without a greeting is no receiver, whatever is demanded") {
    for (const auto& asked : {Asked{}, raw_demanded, Asked{false, HasSpoken::yes}})
        for (const auto* said : {"", "ok\n", "Welcome!\n", "At subvol x\n"}) {
            CHECK(nobody(said, "", 0, asked).kind == Kind::takes_anything);
            CHECK(nobody("", said, 0, asked).kind == Kind::takes_anything);
        }
    CHECK(nobody(greeting + std::string("\x01\0\0\0", 4), "", 0, raw_demanded).kind ==
          Kind::takes_anything);  // an echo
}

TEST_CASE("what is not known is a failure that shows its words, and how to demand raw") {
    for (const auto* said :
         {"", "etwas ging schief\n", "zstd: /*stdin*\\: unsupported format\n",
          "ERROR: not a btrfs filesystem: /mnt\n", "Dieses Konto ist gesperrt.\n"})
        for (const int status : {2, 42, 255}) {
            const auto found = nobody("", said, status);
            CAPTURE(said, found.message);
            CHECK(found.kind == Kind::unknown);
            CHECK(found.code == ExitCode::protocol);
            CHECK(found.hint.find("protocol = \"raw\"") != std::string::npos);
            CHECK(std::holds_alternative<SpeaksRaw>(answer("", said, status, raw_demanded)));
        }
    CHECK(nobody("", "etwas ging schief\n", 2).message.ends_with(": etwas ging schief"));
}

TEST_CASE("who neither speaks nor ends is silent") {
    const auto found = who_answers({"", "", {}}, !ended, {});
    CHECK(std::get<NoReceiver>(found).kind == Kind::silent);
    CHECK(std::get<NoReceiver>(found).code == ExitCode::protocol);
    const auto menu = who_answers({"1) shell 2) logout: ", "", {}}, !ended, {});
    CHECK(std::get<NoReceiver>(menu).message.find("1) shell") != std::string::npos);
}

TEST_CASE("a receiver that ended without a status was killed, or the connection broke") {
    const auto broken = std::get<NoReceiver>(who_answers({"", "", {}}, ended, {}));
    CHECK(broken.code == ExitCode::connection);
    CHECK(broken.message == "the connection to the receiver broke");
    const auto killed =
        std::get<NoReceiver>(who_answers({"", "snapshot-receive: x\nKilled\n", {}}, ended, {}));
    CHECK(killed.code == ExitCode::connection);
    CHECK(killed.message == "the receiver was ended: Killed");
}

TEST_CASE("nothing but a greeting or the words of btrfs receive ever leads to a send by itself") {
    const std::vector<std::string> texts{"",
                                         "denied\n",
                                         "Chroot to /x\n",
                                         "At subvol x\n",
                                         "ERROR: short read from stream\n",
                                         "ERROR: empty stream is not considered valid\n",
                                         "btrfs-stream",
                                         "snapferry/1\n",
                                         "This account is currently not available.\n",
                                         "sudo: a password is required\n"};
    for (const auto& out : texts)
        for (const auto& err : texts)
            for (const std::optional<int> status :
                 std::vector<std::optional<int>>{{}, 0, 1, 14, 126, 127, 255}) {
                CAPTURE(out, err);
                CHECK(std::holds_alternative<NoReceiver>(answer(out, err, status)));
            }
}

TEST_CASE("the warning about noise shows its last line and says how to silence it") {
    const auto warning = noise_warning("Welcome!\nto the \x1b[2JPi\n", "pi");
    CHECK(warning.find("to the \\x1b[2JPi") != std::string::npos);
    CHECK(warning.find("~pi/.bashrc") != std::string::npos);
    CHECK(warning.find('\x1b') == std::string::npos);
}
