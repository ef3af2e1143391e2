#include "snapferry/core/answer/raw_end.h"

#include <vector>

#include "catch.h"

using namespace snapferry;
using Kind = NoReceiver::Kind;

namespace {

constexpr bool all = true;

NoReceiver failed(std::string_view out, std::string_view err, std::optional<int> status,
                  bool took_all) {
    return std::get<NoReceiver>(judge_raw_end({out, err, status}, took_all));
}

}  // namespace

TEST_CASE("a raw stream was taken where all of it was, with status 0 and no word against it") {
    const auto silent = std::get<TookStream>(judge_raw_end({"", "", 0}, all));
    CHECK(silent.remark.find("all the word there is") != std::string::npos);
    for (const auto* said :
         {"Chroot to /mnt/home\nreceived into home\npruning x\n",
          "At subvol 2021-08-17T07:00:01+00:00-@daily\n", "WARNING: something small\n"})
        CHECK(std::holds_alternative<TookStream>(judge_raw_end({said, "", 0}, all)));
}

TEST_CASE("status 0 before the whole stream was taken is a failure") {
    for (const auto* said : {"", "Welcome\n"}) {
        CHECK(failed(said, "", 0, !all).code == ExitCode::receiving);
        CHECK(failed("", said, 0, !all).code == ExitCode::receiving);
    }
}

TEST_CASE("status 0 beside a word of failure is a failure, on either output") {
    const auto [said, code] = GENERATE(table<std::string, ExitCode>({
        {"ERROR: write to x failed: No space left on device\n", ExitCode::receiving},
        {"Chroot to /x\nERROR: creating subvolume x failed\ndone\n", ExitCode::receiving},
        {"snapshot-receive: no directory /mnt\n", ExitCode::receiving},
        {"sudo: a password is required\n", ExitCode::authentication},
        {"denied\n", ExitCode::authentication},
        {"This account is currently not available.\n", ExitCode::authentication},
        {"bash: btrfs: command not found\n", ExitCode::receiving},
    }));
    CAPTURE(said);
    CHECK(failed(said, "", 0, all).code == code);
    CHECK(failed("", said, 0, all).code == code);
}

TEST_CASE("a parent that is missing is told apart, wherever the words come") {
    for (const auto& words :
         {LastWords{"", "", 3}, LastWords{"", "ERROR: cannot find parent subvolume\n", 1},
          LastWords{"Chroot to /x\nERROR: cannot find parent subvolume\n", "", 1}})
        CHECK(std::holds_alternative<LacksParent>(judge_raw_end(words, all)));
}

TEST_CASE("any other end of a raw stream is a failure with its words") {
    CHECK(failed("", "btrfs: File exists\n", 1, all).code == ExitCode::receiving);
    CHECK(failed("", "btrfs: File exists\n", 7, all).message ==
          "the receiver ended with exit status 7: btrfs: File exists");
    CHECK(failed("", "snapshot-receive: too full\n", 16, all).code == ExitCode::no_space);
    CHECK(failed("", "", 127, !all).kind == Kind::not_installed);
    CHECK(failed("", "", {}, !all).code == ExitCode::connection);
    for (const bool took_all : {false, true})
        for (const std::optional<int> status :
             std::vector<std::optional<int>>{{}, 1, 2, 14, 126, 127, 255})
            CHECK(std::holds_alternative<NoReceiver>(
                judge_raw_end({"all is well", "", status}, took_all)));
}
