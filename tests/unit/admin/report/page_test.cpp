#include "snapferry/admin/report/page.h"

#include <openssl/evp.h>

#include <array>
#include <iterator>
#include <span>
#include <string>

#include "admin/job_sample.h"
#include "catch.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/core/manifest/digest.h"

using namespace snapferry;
using namespace snapferry::admin;
using namespace snapferry::testing;

namespace {

std::string page_of(std::vector<JobReport> jobs, bool is_kept_up = false) {
    Report report;
    for (const auto& job : jobs)
        report.standing.jobs.push_back(job.state);
    report.jobs = std::move(jobs);
    report.is_kept_up = is_kept_up;
    return report_page(report, noon);
}

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
    const auto page = page_of({{state, {run, sent}}});
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "\"onload"));
    CHECK_FALSE(has(page, "<b>"));
    CHECK_FALSE(has(page, "\x1b"));
    CHECK(has(page, "&lt;script&gt;"));
}

TEST_CASE("the page asks for nothing from elsewhere") {
    const auto page = page_of({{state_of(good_run()), {good_run()}}});
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
    const auto page = page_of({{{"absent", true, {}}, {}}, {state, {quiet}}});
    CHECK(has(page, "<h2>absent</h2>"));
    CHECK(has(page, "has never run"));
    CHECK(has(page, "<h2>quiet</h2>"));
    CHECK(has(page_of({}), "Nothing is backed up"));
}

TEST_CASE("the verdict is on top, and how to get things back at hand") {
    auto stale = state_of(good_run("laptop"));
    stale.history->newest = DurableSnapshot{"new-@daily", noon - std::chrono::hours(5 * 24)};
    stale.allowed = age_asked_for(std::chrono::hours(26));
    const auto page = page_of({{stale, {good_run("laptop")}, "pi@pi.lan"}});
    CHECK(page.find("1 of 1 needs you: laptop has had no backup for 5 days") < page.find("<h2>"));
    CHECK(has(page, "<span class=\"bad\">stale</span>"));
    CHECK(has(page, "<pre>sudo snapferry versions --from pi@pi.lan laptop PATH</pre>"));
    CHECK(has(page, "--all --into /data/snapshots --as SUBVOLUME</pre>"));
    CHECK(has(page_of({{stale, {good_run("laptop")}}}), "--from YOU@pi.lan"));
    stale.identity.port = 2222;
    stale.identity.snapshot_dir = "/data/my snaps";
    CHECK(has(page_of({{stale, {good_run("laptop")}}}), "--from YOU@pi.lan:2222 laptop PATH"));
    CHECK(has(page_of({{stale, {good_run("laptop")}}}), "--into &#39;/data/my snaps&#39; --as"));
    stale.identity.host = "local:/etc/snapferry/receive-usb.toml";
    const auto local = page_of({{stale, {good_run("laptop")}}});
    CHECK(has(local, "sudo snapferry restore --disk DIR laptop PATH"));
    CHECK_FALSE(has(local, "--from YOU@local"));
}

TEST_CASE("a page that is kept up reloads itself and says when it is old, another does not") {
    const auto once = page_of({{state_of(good_run()), {good_run()}}});
    CHECK_FALSE(has(once, "http-equiv=\"refresh\""));
    CHECK_FALSE(has(once, "<script"));
    const auto kept = page_of({{state_of(good_run()), {good_run()}}}, true);
    CHECK(has(kept, "http-equiv=\"refresh\""));
    CHECK(has(kept, "<script>"));
    CHECK(has(kept, "<noscript>"));
    CHECK(has(kept, "data-written=\"1764072000\""));
}

TEST_CASE("times that cannot be are in no chart, and keep no page from being written") {
    auto of_1970 = good_run();
    of_1970.started = WallTime{};
    auto damaged = good_run();
    damaged.started = WallTime(std::chrono::milliseconds::max());
    auto from_nowhere = good_run();
    from_nowhere.newest = DurableSnapshot{"x-@daily", WallTime(std::chrono::milliseconds::min())};
    const auto page =
        page_of({{state_of(good_run()), {good_run(), of_1970, damaged, from_nowhere}}});
    CHECK_FALSE(has(page, "1970-"));
    CHECK_FALSE(has(page, "292278994"));
}

TEST_CASE("twenty jobs and a year of runs stay small") {
    std::vector<JobReport> jobs;
    for (int number = 0; number < 20; ++number) {
        const auto name = "job-" + std::to_string(number);
        JobReport job{state_of(good_run(name)), {}};
        for (int day = 0; day < 365; ++day) {
            auto run = day % 7 == 0 ? failed_run(name) : good_run(name);
            run.started = noon - std::chrono::hours(24 * day);
            run.newest = DurableSnapshot{
                "2025-01-01T07:00:01+00:00-" + std::to_string(day) + "@daily", run.started};
            run.stream_bytes = static_cast<std::uint64_t>(day % 11 + 1) << 24;
            run.receiver_free_bytes = std::uint64_t{1} << 40;
            job.runs.push_back(run);
        }
        jobs.push_back(std::move(job));
    }
    CHECK(page_of(std::move(jobs)).size() < 500'000);
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

TEST_CASE("the page's policy lets its one script run: it has the digest of just that text") {
    const auto page = page_of({}, true);
    const auto between = [&](const std::string& open, const std::string& close) {
        const auto begin = page.find(open) + open.size();
        return page.substr(begin, page.find(close, begin) - begin);
    };
    const auto script = between("<script>", "</script>");
    manifest::Sha256 hash;
    hash.update(std::as_bytes(std::span(script)));
    const auto digest = hash.take();
    std::array<unsigned char, 64> text{};  // base64 of 32 bytes has 44
    const auto size = ::EVP_EncodeBlock(
        text.data(), reinterpret_cast<const unsigned char*>(digest.data()), digest.size());
    CHECK(between("script-src 'sha256-", "'") ==
          std::string(text.begin(), std::next(text.begin(), size)));
}
