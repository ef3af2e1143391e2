#include "snapferry/core/setup/sender/talk.h"

#include <string>
#include <variant>
#include <vector>

#include "catch.h"
#include "contains_text.h"
#include "failure_of.h"

namespace snapferry::setup {
namespace {

using testing::failure_of;
using What = SetupQuestion::What;

Plan some_plan() {
    return {{{"key", "let a key in", "/home/x", {"+ restrict ..."}, Step::State::to_do, {}, {}},
             {"disk", "a disk", "", {}, Step::State::blocked, "there is none", "plug one in"}},
            {"a note"}};
}

ReceiverWishes some_wishes() {
    ReceiverWishes wishes(Tag::parse("home"));
    wishes.keep = "7 14d";
    wishes.disk = "/dev/sda1";
    return wishes;
}

TEST_CASE("each question arrives as it was asked") {
    for (const auto what : {What::look, What::check, What::tell, What::look_back}) {
        const SetupQuestion question{what, some_wishes(), {}, 0};
        CHECK(parse_question(line_of(question)) == question);
    }
    for (const auto what : {What::carry_out, What::take_back}) {
        const SetupQuestion question{what, some_wishes(), some_plan(), 0};
        CHECK(parse_question(line_of(question)) == question);
    }
    const SetupQuestion swallow{What::swallow, {}, {}, 4096};
    CHECK(parse_question(line_of(swallow)) == swallow);
    CHECK(line_of(swallow) == R"({"ask":"swallow","bytes":4096})");
}

TEST_CASE("each answer arrives as it was said") {
    CHECK(std::get<Plan>(parse_answer(line_of(some_plan()))) == some_plan());
    const auto step = some_plan().steps.front();
    CHECK(std::get<Step>(parse_answer(line_of(step))) == step);
    CHECK(std::holds_alternative<SetupDone>(parse_answer(line_of(SetupDone{}))));
    const std::vector<Finding> findings{{CheckState::critical, "no rule"}, {CheckState::ok, "x"}};
    const auto heard = std::get<std::vector<Finding>>(parse_answer(line_of(findings)));
    REQUIRE(heard.size() == 2);
    CHECK(heard.front().state == CheckState::critical);
    CHECK(heard.front().text == "no rule");
    const auto failure =
        std::get<Failure>(parse_answer(line_of(Failure(ExitCode::busy, "a\nb", "wait"))));
    CHECK(failure.code() == ExitCode::busy);
    CHECK(std::string(failure.what()) == "a\\x0ab");
    CHECK(failure.hint() == "wait");
}

TEST_CASE("what the other machine may not say is refused") {
    for (const std::string line :
         {"", "x", "[]", "{}", R"({"say":"dance"})", R"({"say":"plan"})",
          R"({"say":"plan","plan":{"version":2}})", R"({"say":"step","step":{"version":1}})",
          R"({"say":"findings","findings":[{"state":4,"text":"x"}]})",
          R"({"say":"findings","findings":[1]})", R"({"say":"failed","code":0,"message":"x"})",
          R"({"say":"failed","code":"1"})", R"({"say":["plan"]})",
          R"({"say":"facts","facts":{"version":1,"user":"ro;ot","program":"/x"}})"}) {
        INFO(line);
        CHECK(failure_of([&] { (void)parse_answer(line); }).code() == ExitCode::protocol);
    }
    CHECK(failure_of([&] { (void)parse_answer(std::string(longest_talk + 1, ' ')); }).code() ==
          ExitCode::protocol);
}

TEST_CASE("what is nested without an end is refused before anything walks through it") {
    const auto deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK_THAT(
        failure_of([&] { (void)parse_answer(R"({"say":"plan","plan":)" + deep + "}"); }).what(),
        contains_text("nested too deeply"));
    CHECK_THAT(
        failure_of([&] { (void)parse_question(R"({"ask":"look","wishes":)" + deep + "}"); }).what(),
        contains_text("nested too deeply"));
}

TEST_CASE("what is no question is refused") {
    for (const std::string line :
         {"", "{}", R"({"ask":"dance"})", R"({"ask":"look"})", R"({"ask":"do","wishes":{}})",
          R"({"ask":"swallow"})", R"({"ask":"swallow","bytes":0})",
          R"({"ask":"swallow","bytes":1e9})", R"({"ask":"swallow","bytes":67108865})"}) {
        INFO(line);
        CHECK(failure_of([&] { (void)parse_question(line); }).code() == ExitCode::protocol);
    }
}

}  // namespace
}  // namespace snapferry::setup
