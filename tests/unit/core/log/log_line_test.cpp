#include "snapferry/core/log/log_line.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "catch.h"
#include "snapferry/core/log/run_log.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

const std::chrono::sys_time<std::chrono::milliseconds> some_time{1795590001250ms};

const LogContext about_home{"home", "tag", "2026-11-25T07:00:01+00:00-@daily",
                            "1b4e28ba-2fa1-41d2-883f-0016d3cca427"};

class Notebook final : public Log {
  public:
    void write(Severity severity, std::string_view line) override {
        write_about({}, severity, line);
    }
    void write_about(const LogContext& about, Severity severity, std::string_view line) override {
        contexts.push_back(about);
        lines.push_back(std::string(severity_name(severity)) + ": " + std::string(line));
    }
    std::vector<LogContext> contexts;
    std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("a JSON line is one object with all that is known") {
    CHECK(log_json(some_time, Severity::info, "sent it", about_home) ==
          R"({"time":"2026-11-25T07:00:01.250Z","severity":"info","message":"sent it",)"
          R"("job":"home","tag":"tag","snapshot":"2026-11-25T07:00:01+00:00-@daily",)"
          R"("run":"1b4e28ba-2fa1-41d2-883f-0016d3cca427"})");
}

TEST_CASE("what a JSON line does not know is left out") {
    CHECK(log_json(some_time, Severity::error, "no", {}) ==
          R"({"time":"2026-11-25T07:00:01.250Z","severity":"error","message":"no"})");
    CHECK(
        log_json(some_time, Severity::warning, "no", {"home", "", "", ""}) ==
        R"({"time":"2026-11-25T07:00:01.250Z","severity":"warning","message":"no","job":"home"})");
}

TEST_CASE("a JSON line is one line of valid UTF-8, whatever the message is") {
    for (const std::string& message :
         {std::string("a\nb\r\t\"quoted\" \\"), std::string("\xff\xfe broken \xc3"),
          std::string("gr\xc3\xbc\xc3\x9f"
                      "e"),
          std::string("zero\0inside", 11)}) {
        const auto line = log_json(some_time, Severity::info, message, {message, "", message, ""});
        CHECK(line.find('\n') == std::string::npos);
        const auto parsed = nlohmann::json::parse(line);  // refuses what is not UTF-8
        const bool is_broken = message.front() == '\xff';
        CHECK((parsed.at("message") == message) != is_broken);
    }
}

TEST_CASE("a line for people says of trouble that it is trouble, and where asked whose it is") {
    CHECK(log_text(Severity::info, "sent it", about_home, false) == "sent it");
    CHECK(log_text(Severity::debug, "sent it", about_home, false) == "sent it");
    CHECK(log_text(Severity::warning, "hm", about_home, false) == "warning: hm");
    CHECK(log_text(Severity::error, "no", about_home, false) == "error: no");
    CHECK(log_text(Severity::info, "sent it", about_home, true) == "home: sent it");
    CHECK(log_text(Severity::error, "no", about_home, true) == "home: error: no");
    CHECK(log_text(Severity::error, "stopped", {}, true) == "error: stopped");
    CHECK(log_text(Severity::info, "x", {"two\nlines", "", "", ""}, true) == "two\\x0alines: x");
}

TEST_CASE("a run's log says which run it is, and what is sent as soon as that is known") {
    Notebook notebook;
    RunReport report;
    report.job = "home";
    report.identity.dest_tag = "tag";
    report.run = "1b4e28ba";
    RunLog log(report, notebook);
    log.info("connecting");
    report.snapshot = "one-@daily";
    log.warning("slow");
    CHECK(notebook.lines == std::vector<std::string>{"info: connecting", "warning: slow"});
    CHECK(notebook.contexts == std::vector<LogContext>{{"home", "tag", "", "1b4e28ba"},
                                                       {"home", "tag", "one-@daily", "1b4e28ba"}});
}

TEST_CASE("a log that has no place for a context writes the line alone") {
    class Plain final : public Log {
      public:
        void write(Severity, std::string_view line) override { written = line; }
        std::string written;
    } plain;
    const RunReport report;
    RunLog(report, plain).info("{} done", 1);
    CHECK(plain.written == "1 done");
}
