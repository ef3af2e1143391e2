#include "snapferry/sys/files/directory.h"

#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/core/failure.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::testing;

TEST_CASE("a directory is made for its owner alone, and its mode can be mended") {
    const TemporaryDirectory place;
    const auto above = sys::Directory::open(place.path(), ExitCode::receiving);
    CHECK(!above.find("inner"));
    const auto inner = above.make("inner");
    CHECK((inner.rights().mode & 07777U) == 0700);
    CHECK(inner.rights().owner == ::geteuid());
    inner.set_mode(0755);
    CHECK((above.make("inner").rights().mode & 07777U) == 0755);  // made already: not touched
    CHECK(inner.path() == place.path() / "inner");
}

TEST_CASE("what is no directory is refused, symlinks to directories too") {
    const TemporaryDirectory place;
    std::filesystem::create_directory(place.path() / "real");
    std::filesystem::create_directory_symlink("real", place.path() / "symlink");
    std::filesystem::create_symlink("loop", place.path() / "loop");
    std::ofstream(place.path() / "file") << "x";
    const auto above = sys::Directory::open(place.path(), ExitCode::receiving);
    for (const auto* const name : {"symlink", "loop", "file"}) {
        for (const auto& attempt : std::vector<std::function<void()>>{
                 [&] { (void)above.find(name); }, [&] { (void)above.make(name); },
                 [&] { (void)sys::Directory::open(place.path() / name, ExitCode::receiving); }}) {
            const auto failure = failure_of(attempt);
            CHECK(failure.code() == ExitCode::receiving);
            CHECK(std::string(failure.what()).find("is not a directory") != std::string::npos);
        }
    }
}
