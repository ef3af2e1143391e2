#include "snapferry/admin/report/page.h"

#include "admin/job_sample.h"
#include "catch.h"
#include "snapferry/admin/report/html.h"

using namespace snapferry;
using namespace snapferry::admin;
using namespace snapferry::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr auto evil = "</title><script>alert('1')</script>\"onload=\"x&\x1b[31m";

}  // namespace

TEST_CASE("text from outside cannot become HTML") {
    CHECK(html_text("a<b>&\"'c") == "a&lt;b&gt;&amp;&quot;&#39;c");
    CHECK(html_text("\x1b\xff") == "\\x1b\\xff");
    CHECK(html_text("größe") == "größe");
}

TEST_CASE("whatever a name holds, it is text in the page") {
    auto run = failed_run(evil);
    run.identity.host = run.identity.dest_tag = run.error = run.snapshot = run.parent = evil;
    run.newest = DurableSnapshot{evil, noon};
    auto sent = good_run(evil);
    sent.snapshot = sent.parent = evil;
    sent.newest = DurableSnapshot{evil, noon};
    auto state = state_of(run);
    state.history->newest = DurableSnapshot{evil, noon};
    state.history->kept = {{evil, "2025-11-20T07:00:01+00:00-<b>"}};
    state.history->last_send = sent;
    const auto page = report_page({{state, {run, sent}}}, noon);
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "\"onload"));
    CHECK_FALSE(has(page, "<b>"));
    CHECK_FALSE(has(page, "\x1b"));
    CHECK(has(page, "&lt;script&gt;"));
}

TEST_CASE("the page asks for nothing from elsewhere") {
    const auto page = report_page({{state_of(good_run()), {good_run()}}}, noon);
    CHECK_FALSE(has(page, "http:"));
    CHECK_FALSE(has(page, "https:"));
    CHECK_FALSE(has(page, "src="));
    CHECK_FALSE(has(page, "url("));
    CHECK_FALSE(has(page, "@import"));
    CHECK(has(page, "default-src 'none'"));
}

TEST_CASE("a job that never ran and one without news have a section too") {
    auto quiet = good_run("quiet");
    quiet.stream_bytes = 0;
    auto state = state_of(quiet);
    state.history->last_send.reset();
    const auto page = report_page({{{"absent", true, {}}, {}}, {state, {quiet}}}, noon);
    CHECK(has(page, "<h2>absent</h2>"));
    CHECK(has(page, "has never run"));
    CHECK(has(page, "<h2>quiet</h2>"));
    CHECK(has(report_page({}, noon), "No job is configured"));
}

TEST_CASE("backups are marked by what the runs, the list and the names tell") {
    auto first = good_run();
    first.newest = DurableSnapshot{"gone-@daily", noon - std::chrono::hours(50)};
    auto state = state_of(good_run());
    state.history->kept = {{"new-@daily", "2025-11-20T07:00:01+00:00-@daily", "old-@daily"}};
    const auto marks = backup_marks({state, {good_run(), first}});
    REQUIRE(marks.size() == 4);
    CHECK(marks[0].name == "old-@daily");
    CHECK_FALSE(marks[0].taken);
    CHECK(marks[0].kept);
    CHECK(marks[1].name == "2025-11-20T07:00:01+00:00-@daily");
    CHECK(marks[1].kept);
    CHECK(marks[2].name == "gone-@daily");
    CHECK_FALSE(marks[2].kept);
    CHECK(marks[3].name == "new-@daily");
    CHECK(marks[3].taken == noon - std::chrono::hours(3));
}

TEST_CASE("charts show the newest runs with news, errors the newest failures") {
    auto quiet = good_run();
    quiet.stream_bytes = 0;
    const JobReport job{state_of(good_run()),
                        {quiet, failed_run("1"), good_run("2"), good_run("3")}};
    const auto shown = runs_with_news(job, 2);
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].job == "2");
    CHECK(shown[1].job == "1");
    REQUIRE(newest_failures(job, 5).size() == 1);
    CHECK(newest_failures(job, 5)[0].job == "1");
}
