#include "snapferry/restore/files/take_files.h"

#include <fcntl.h>

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/writer.h"
#include "snapferry/core/restore/piece.h"
#include "snapferry/restore/files/given_backup.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::restore;
using manifest::Entry;
using manifest::Kind;
using testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

class Heard final : public RestoreListener {
  public:
    void begins(const std::string&, std::uint64_t) override {}
    void went_on(std::uint64_t) override {}
    void left_alone(const std::string& path, const std::vector<manifest::Aspect>&) override {
        left.push_back(path);
    }
    void failed(const std::string& path, const std::string&) override { failures.push_back(path); }
    void differs(const manifest::Difference& difference) override {
        different.push_back(difference.path);
    }
    void stop_if_asked() override {}

    std::vector<std::string> left, failures, different;
};

Entry own(Kind kind, const std::string& path, std::uint32_t mode) {
    Entry entry;
    entry.path = path;
    entry.kind = kind;
    entry.mode = mode;
    entry.uid = ::getuid();
    entry.gid = ::getgid();
    entry.modified = {1'600'000'000, 5};
    return entry;
}

Entry file(const std::string& path, const std::string& contents) {
    auto entry = own(Kind::file, path, 0644);
    entry.size = contents.size();
    manifest::Sha256 digest;
    digest.update(std::as_bytes(std::span(contents)));
    entry.contents = digest.take();
    return entry;
}

std::string manifest_of(const std::vector<Entry>& entries) {
    std::string text;
    manifest::Writer writer([&](std::string_view more) { text += more; });
    for (const auto& entry : entries)
        writer.add(entry);
    (void)writer.finish();
    return text;
}

const std::string header = line_of(GivenBackup{"name", {}, true, ""}) + "\n";
const auto end = encode({PieceKind::end});

std::string data(const std::string& bytes, std::uint64_t offset = 0) {
    return encode({PieceKind::data, {}, offset, bytes});
}

std::vector<Entry> tree() {
    return {own(Kind::directory, "", 0755), own(Kind::directory, "a", 0755), file("a/file", "four"),
            file("b", "x")};
}

/// What an honest one says of the tree: the new directory's top, a, a/file, b.
std::string pieces() {
    return end + end + data("four") + end + data("x") + end;
}

RestoreOutcome take(const std::string& said, const fs::path& to, RestoreListener& listener,
                    const std::vector<std::string>& paths = {}) {
    const TemporaryDirectory directory;
    const sys::UniqueFd in(::open(directory.file("said", said).c_str(), O_RDONLY));
    const sys::UniqueFd out(::open("/dev/null", O_WRONLY));
    return take_files(in.get(), out.get(), {"", Selection(paths), to, Overwrite::never, false},
                      listener);
}

}  // namespace

TEST_CASE("what another machine gives is written, and compared with what it says it should be") {
    const TemporaryDirectory there;
    Heard heard;
    const auto said = header + manifest_of(tree()) + "5\n" + pieces() + manifest_of(tree());
    const auto outcome = take(said, there / "new", heard);
    CHECK(outcome.is_complete());
    CHECK(outcome.compared == 4);
    CHECK(testing::content_of(there / "new/a/file") == "four");
    auto other = tree();
    other[3] = file("b", "y");
    Heard again;
    CHECK_FALSE(take(header + manifest_of(tree()) + "5\n" + pieces() + manifest_of(other),
                     there / "other", again)
                    .is_complete());
    CHECK(again.different == std::vector<std::string>{"b"});
    auto fewer = tree();
    fewer.pop_back();
    Heard extra;
    CHECK_FALSE(take(header + manifest_of(tree()) + "5\n" + pieces() + manifest_of(fewer),
                     there / "extra", extra)
                    .is_complete());
    CHECK(extra.different == std::vector<std::string>{"b"});
}

TEST_CASE("what cannot be read there fails alone") {
    const TemporaryDirectory there;
    Heard heard;
    const auto failed = data("fo") + encode({PieceKind::failed, {}, 0, "cannot read it"});
    const auto outcome = take(header + manifest_of(tree()) + "5\n" + end + end + failed +
                                  data("x") + end + manifest_of(tree()),
                              there / "new", heard);
    CHECK(heard.failures == std::vector<std::string>{"a/file"});
    CHECK_FALSE(fs::exists(there / "new/a/file"));
    CHECK(testing::content_of(there / "new/b") == "x");
}

TEST_CASE("a conversation that is cut anywhere leaves whole files only") {
    const auto said = header + manifest_of(tree()) + "5\n" + pieces() + manifest_of(tree());
    for (std::size_t size = 0; size < said.size(); size += 7) {
        const TemporaryDirectory there;
        Heard heard;
        CHECK_THROWS_AS(take(said.substr(0, size), there / "new", heard), Failure);
        for (const auto& entry : fs::recursive_directory_iterator(there.path())) {
            const auto name = entry.path().filename();
            CHECK((name == "new" || name == "a" || name == "file" || name == "b"));
            if (entry.is_regular_file())
                CHECK(entry.file_size() == (name == "file" ? 4 : 1));
        }
    }
}

TEST_CASE("what another machine must not say is refused, and nothing of it is written") {
    const auto list = manifest_of(tree());
    const auto begin = header + list + "5\n";
    auto with_attributes = tree();
    with_attributes[3].xattrs = manifest::Digest{};
    auto twice = list;
    twice.insert(twice.find("#end"), "./b type=file\n");
    auto upwards = list;
    upwards.replace(upwards.find("./b "), 3, "./../b");
    for (const auto& said : {
             std::string("no json\n"), std::string("{}\n"), std::string(100'000, 'x'),
             line_of(GivenBackup{"../name", {}, true, ""}) + "\n" + list, header + twice,
             header + upwards, header + "#mtree\nx\n", header + std::string(100'000, 'x') + "\n",
             header + list + "five\n", header + list + "-1\n", begin + "q\1\2\3\4",
             begin + end + end + data("fours") + end,               // more than its size
             begin + end + end + data("r", 4) + end,                // behind its end
             begin + end + end + data("f", 1ULL << 62) + end,       // far behind
             begin + end + end + data("ur", 2) + data("fo") + end,  // in another order
             begin + end + encode({PieceKind::attribute, "user.x", 0, "y"}) + end,  // not listed
             header + manifest_of(with_attributes) + "5\n" + pieces(),              // or not given
             begin + data("x") + end,  // of a directory
         }) {
        CAPTURE(said.substr(0, 600));
        const TemporaryDirectory there;
        Heard heard;
        CHECK_THROWS_AS(take(said, there / "new", heard), Failure);
        CHECK_FALSE(fs::exists(there / "new/a/file"));
        CHECK_FALSE(fs::exists(there / "new/b"));
        CHECK_FALSE(fs::exists(there / "b"));
    }
}

TEST_CASE("what was not asked for is not taken") {
    const TemporaryDirectory there;
    Heard heard;
    CHECK_THROWS_AS(take(header + manifest_of(tree()) + "5\n" + pieces() + manifest_of(tree()),
                         there / "new", heard, {"a"}),
                    Failure);
    CHECK_FALSE(fs::exists(there / "new/a"));
}
