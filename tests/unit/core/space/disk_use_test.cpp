#include "snapferry/core/space/disk_use.h"

#include "catch.h"

using namespace snapferry;

namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

/// A disk of 1 GiB with 600 MiB free, and metadata that is far from full.
DiskUse small_disk() {
    DiskUse use;
    use.free = 600 * mib;
    use.total = 1024 * mib;
    use.metadata_total = 100 * mib;
    use.metadata_used = 10 * mib;
    use.metadata_copies = 2;
    use.metadata_chunk = 100 * mib;
    return use;
}

}  // namespace

TEST_CASE("what is on its way to the disk is not free") {
    auto use = small_disk();
    use.placed = 40 * mib;
    use.written = 100 * mib;
    CHECK(certainly_free(use) == 560 * mib);
    CHECK(free_at_least(use) == 460 * mib);
    use.written = 5000 * mib;
    CHECK(free_at_least(use) == 0);
}

TEST_CASE("metadata that is half full takes its next piece, with all its copies") {
    auto use = small_disk();
    CHECK(next_metadata(use) == 0);
    use.metadata_used = 51 * mib;
    CHECK(next_metadata(use) == 200 * mib);
    CHECK(certainly_free(use) == 400 * mib);
    use.data_unused = 550 * mib;  // no more than the disk has not set aside yet
    CHECK(next_metadata(use) == 50 * mib);
    use.metadata_copies = 1;
    use.data_unused = 0;
    CHECK(next_metadata(use) == 100 * mib);
}

TEST_CASE("where the kernel tells only what statfs does, that counts") {
    DiskUse use;
    use.free = 600 * mib;
    use.total = 1024 * mib;
    CHECK(free_at_least(use) == 600 * mib);
}

TEST_CASE("a shortage is told with its figures, and whether it is of metadata") {
    auto use = small_disk();
    use.placed = 100 * mib;
    const auto reserve = Reserve::of_bytes(700 * mib);
    CHECK(
        shortage_text(use, reserve) ==
        "the backup disk has too little space: 500.0 MiB free, and 700.0 MiB are kept in reserve");
    CHECK(shortage_text(use, reserve, mib).ends_with("; that is too little for 1.0 MiB more"));
    use.metadata_used = 80 * mib;
    CHECK(shortage_text(use, reserve).find("metadata takes the next 200.0 MiB") !=
          std::string::npos);
}
