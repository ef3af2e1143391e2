// Holds docs/checkpoint.md to the programs.

#include <fmt/format.h>

#include "catch.h"
#include "page.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/stream/checkpoint.h"
#include "temporary_directory.h"

using namespace snapferry;
using snapferry::testing::content_of;
using snapferry::testing::Page;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("the checkpoint's page shows the file as it is") {
    const auto blocks = Page("checkpoint.md").blocks("## The file", "json");
    REQUIRE(blocks.size() == 1);
    const TemporaryDirectory directory;
    std::string why;
    const auto checkpoint = receive::read_checkpoint(directory.file("shown", blocks.front()), why);
    CHECK(why.empty());
    REQUIRE(checkpoint);
    receive::write_checkpoint(directory / "written", *checkpoint);
    CHECK(content_of(directory / "written") == blocks.front());
}

TEST_CASE("the checkpoint's page has the figures that are held to") {
    const Page page("checkpoint.md");
    const receive::Config config;
    CHECK(page.says(fmt::format("`checkpoint_every` bytes of the stream ({} GiB)",
                                config.checkpoint_every >> 30)));
    CHECK(page.says(fmt::format("`checkpoint_interval` ({} min)",
                                config.checkpoint_interval / std::chrono::minutes{1})));
    CHECK(page.says(fmt::format("| `shares` | 1 to {}:", wire::max_shares)));
}
