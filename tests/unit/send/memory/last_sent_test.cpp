#include "snapferry/send/memory/last_sent.h"

#include <sys/stat.h>

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::send;
using snapferry::testing::content_of;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("the last-sent file lies beside the snapshots, under the classic script's name") {
    CHECK(last_sent_file("/data/.snapshots", "hourly") == "/data/.snapshots/last_sent_@hourly.txt");
}

TEST_CASE("the last-sent file holds one line with the name, for others to read") {
    const TemporaryDirectory directory;
    const auto file = directory / "last_sent_@daily.txt";
    const auto name = SnapshotName::parse("2021-08-17T07:00:01+00:00-@daily").value();
    write_last_sent(file, name);
    CHECK(content_of(file) == "2021-08-17T07:00:01+00:00-@daily\n");
    CHECK(read_last_sent(file) == name.text());
    struct stat data {};
    REQUIRE(::stat(file.c_str(), &data) == 0);
    CHECK((data.st_mode & 0444) == 0444);
}

TEST_CASE("the name is read from whatever a script may have written around it") {
    const auto [content, expected] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"\n", ""},
        {" \n\r\n", ""},
        {"a@daily", "a@daily"},
        {"a@daily\n", "a@daily"},
        {"a@daily\r\n", "a@daily"},
        {"a@daily  \n\n", "a@daily"},
        {"/data/.snapshots/a@daily\n", "a@daily"},
        {"/data/.snapshots/a@daily/\n", "a@daily"},
        {"first@daily\nlast@daily\n", "last@daily"},
        {"a b@daily\n", "a b@daily"},
        {"///\n", ""},
    }));
    const TemporaryDirectory directory;
    CAPTURE(content);
    CHECK(read_last_sent(directory.file("x", content)) == expected);
}

TEST_CASE("where there is no last-sent file nothing was sent") {
    const TemporaryDirectory directory;
    CHECK(read_last_sent(directory / "none").empty());
}

TEST_CASE("a last-sent file that says the right thing is left as it is") {
    const TemporaryDirectory directory;
    const auto file = directory.file("x", "/data/a@daily");
    write_last_sent(file, SnapshotName::parse("a@daily").value());
    CHECK(content_of(file) == "/data/a@daily");
    write_last_sent(file, SnapshotName::parse("b@daily").value());
    CHECK(content_of(file) == "b@daily\n");
}
