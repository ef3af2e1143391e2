#include "snapferry/receive/backups/manifests.h"

#include <filesystem>
#include <string>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/sys/files/file.h"
#include "temporary_directory.h"

namespace snapferry::receive {
namespace {

void keep(const std::filesystem::path& manifests, const Uuid& copy, const std::string& text) {
    ArrivingManifest arriving(manifests, copy);
    arriving.write(std::as_bytes(std::span(text)));
    arriving.keep();
}

std::string kept(const std::filesystem::path& manifests, const Uuid& copy) {
    return sys::read_small_file(manifest_of(manifests, copy), 1000).value_or("none");
}

TEST_CASE("A manifest is there once it is kept, and is replaced as a whole") {
    const testing::TemporaryDirectory directory;
    const auto manifests = directory / "home.manifests";
    CHECK(copies_with_manifest(manifests).empty());
    {
        ArrivingManifest given_up(manifests, uuid(1));
        given_up.write(std::as_bytes(std::span("half")));
        CHECK(copies_with_manifest(manifests).empty());
    }
    CHECK(std::filesystem::is_empty(manifests));
    keep(manifests, uuid(1), "one");
    keep(manifests, uuid(1), "another");
    CHECK(kept(manifests, uuid(1)) == "another");
    CHECK(copies_with_manifest(manifests) == std::set{uuid(1)});
}

TEST_CASE("A manifest is shared with a copy of the same content, and each goes by itself") {
    const testing::TemporaryDirectory directory;
    const auto home = directory / "home.manifests";
    const auto weekly = directory / "home-weekly.manifests";
    share_manifest(manifest_of(home, uuid(1)), manifest_of(weekly, uuid(2)));
    CHECK(copies_with_manifest(weekly).empty());
    keep(home, uuid(1), "one");
    for (int again = 0; again < 2; ++again) {
        share_manifest(manifest_of(home, uuid(1)), manifest_of(weekly, uuid(2)));
    }
    leave_manifests_of({}, home);
    CHECK(kept(weekly, uuid(2)) == "one");
}

TEST_CASE("Only the manifests of what is there are left") {
    const testing::TemporaryDirectory directory;
    const auto manifests = directory / "home.manifests";
    leave_manifests_of({uuid(1)}, manifests);
    keep(manifests, uuid(1), "one");
    keep(manifests, uuid(2), "two");
    (void)directory.file("home.manifests/" + uuid(3).text() + ".new", "killed");
    leave_manifests_of({uuid(1), uuid(4)}, manifests);
    CHECK(std::distance(std::filesystem::directory_iterator(manifests), {}) == 1);
    CHECK(kept(manifests, uuid(1)) == "one");
}

}  // namespace
}  // namespace snapferry::receive
