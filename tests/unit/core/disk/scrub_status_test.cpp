#include "snapferry/core/disk/scrub_status.h"

#include "catch.h"

using namespace snapferry;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

/// As btrfs-progs 6.2 write it.
const std::string counters =
    "|data_extents_scrubbed:7|tree_extents_scrubbed:30|data_bytes_scrubbed:65536"
    "|tree_bytes_scrubbed:491520";

std::string line(const std::string& device, const std::string& rest) {
    return "57f0bd4c-f1e6-4d1c-9c4a-6e7d2a2d51d3:" + device + counters + rest + "\n";
}

const std::string no_errors =
    "|read_errors:0|csum_errors:0|verify_errors:0|no_csum:12|csum_discards:0|super_errors:0"
    "|malloc_errors:0|uncorrectable_errors:0|corrected_errors:0|last_physical:0";

}  // namespace

TEST_CASE("a finished scrub is read from its record") {
    const auto records =
        parse_scrub_status("scrub status:1\n" + line("1", no_errors + "|t_start:1764000000"
                                                                      "|t_resumed:0|duration:42"
                                                                      "|canceled:0|finished:1"));
    REQUIRE(records.size() == 1);
    CHECK(records[0].device == 1);
    CHECK(records[0].begun == sys_seconds(seconds(1764000000)));
    CHECK(records[0].finished);
    CHECK_FALSE(records[0].canceled);
    CHECK(records[0].errors.empty());
}

TEST_CASE("a scrub that was taken up again counts from then") {
    const auto records = parse_scrub_status(
        line("1", "|t_start:1764000000|t_resumed:1764005000|canceled:1|finished:0"));
    REQUIRE(records.size() == 1);
    CHECK(records[0].begun == sys_seconds(seconds(1764005000)));
    CHECK(records[0].canceled);
    CHECK_FALSE(records[0].finished);
}

TEST_CASE("every device has its record, with the errors that a scrub found on it") {
    const auto records = parse_scrub_status(
        "scrub status:1\n" + line("1", no_errors + "|t_start:5|finished:1") +
        line("3",
             "|read_errors:2|csum_errors:3|no_csum:9|malloc_errors:1|corrected_errors:5"
             "|uncorrectable_errors:1|t_start:6|finished:1"));
    REQUIRE(records.size() == 2);
    CHECK(records[0].errors.empty());
    CHECK(records[1].device == 3);
    CHECK(records[1].errors ==
          std::vector<std::pair<std::string, std::uint64_t>>{
              {"read_errors", 2}, {"csum_errors", 3}, {"uncorrectable_errors", 1}});
}

TEST_CASE("what is no record of a scrub is passed over") {
    for (const auto* text : {"", "\n\n", "scrub status:1\n", "x", "uuid:|t_start:5", "uuid:1",
                             "uuid:one|t_start:5", "uuid:1|t_start:", "uuid:1|t_start:-5",
                             "uuid:1|t_start:99999999999999999999", "|||:::|||"}) {
        CAPTURE(text);
        CHECK(parse_scrub_status(text).empty());
    }
}
