#include "snapferry/core/asking/request.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using snapferry::Failure;
using namespace snapferry::asking;

TEST_CASE("a request says the same at the other end, whatever bytes its words have") {
    const Request request{"run", {"versions", "home", "", "a b'\"\\\n\xff\xc3\xa4 $(reboot)"}};
    const auto line = line_of(request);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(parse_request(line) == request);
}

TEST_CASE("what is no request is refused") {
    const auto* const line =
        GENERATE("", "x", "[]", "{}", R"({"what":"run"})", R"({"what":1,"words":[]})",
                 R"({"what":"run","words":{}})", R"({"what":"run","words":[1]})",
                 R"({"what":"run","words":["6"]})", R"({"what":"run","words":["zz"]})",
                 R"({"what":"run","words":["610062"]})", R"({"what":"run","words":["61"]} x)");
    CAPTURE(line);
    CHECK_THROWS_AS(parse_request(line), Failure);
}

TEST_CASE("only commands that look are run for another machine, with no option of this one") {
    using Words = std::vector<std::string>;
    const auto good = GENERATE(values<Words>({{"list"},
                                              {"versions", "home", "x", "--json"},
                                              {"find", "--json", "--", "home", "--disk"},
                                              {"diff", "--", "home", "--config"}}));
    CHECK_FALSE(why_not_to_run(good));
    const auto bad = GENERATE(values<Words>({{},
                                             {""},
                                             {"prune", "home", "--yes"},
                                             {"answer"},
                                             {"manifest", "/root"},
                                             {"--config", "list"},
                                             {"list", "--config", "/etc/shadow"},
                                             {"list", "--config=/etc/shadow"},
                                             {"list", "--disk=/"},
                                             {"list", "--state-dir", "/"},
                                             {"versions", "--from", "x", "--", "home"}}));
    CHECK(why_not_to_run(bad));
}
