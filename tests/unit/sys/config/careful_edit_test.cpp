#include "snapferry/sys/config/careful_edit.h"

#include <filesystem>
#include <string>

#include "catch.h"
#include "snapferry/core/exit_code.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/files/file.h"
#include "temporary_directory.h"

using namespace snapferry;
using testing::TemporaryDirectory;

namespace {

constexpr std::size_t limit = 4096;

std::string text_of(const std::filesystem::path& file) {
    return sys::read_small_file(file, limit).value_or("(nothing)");
}

void change(const std::filesystem::path& file, const std::string& content, bool is_well) {
    sys::edit_carefully(
        file, 0644, [&](const std::string& /*before*/) { return content; },
        [](const std::filesystem::path& /*candidate*/) {},
        [&] {
            if (!is_well) {
                throw Failure(ExitCode::configuration, "not well");
            }
        });
}

}  // namespace

TEST_CASE("copies that a person keeps beside a file are left alone") {
    const TemporaryDirectory directory;
    const auto file = directory.file("fstab", "a\n");
    const auto before = directory.file("fstab.before", "mine\n");
    const auto fresh = directory.file("fstab.new", "mine, too\n");
    change(file, "b\n", true);
    CHECK_THROWS_AS(change(file, "c\n", false), Failure);
    sys::forget_unfinished_edit(file);
    CHECK(text_of(file) == "b\n");
    CHECK(text_of(before) == "mine\n");
    CHECK(text_of(fresh) == "mine, too\n");
}

TEST_CASE("what a kill has left of an edit goes, and nothing is left of one that ended") {
    const TemporaryDirectory directory;
    const auto file = directory.file("fstab", "a\n");
    change(file, "b\n", true);
    (void)directory.file("fstab.snapferry-new", "half");
    (void)directory.file("fstab.snapferry-before", "a\n");
    sys::forget_unfinished_edit(file);
    const std::filesystem::directory_iterator entries(file.parent_path());
    CHECK(std::distance(begin(entries), end(entries)) == 1);
    CHECK(text_of(file) == "b\n");
}
