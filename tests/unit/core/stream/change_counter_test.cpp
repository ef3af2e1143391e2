#include "snapferry/core/stream/change_counter.h"

#include "catch.h"

using namespace snapferry::stream;

namespace {

/// A stream's commands, counted as they come.
class Counting {
  public:
    Counting& with(CommandType type, const std::string& path) {
        return say(type, [&](CommandWriter& out) { out.text(AttributeType::path, path); });
    }
    Counting& with(CommandType type, const std::string& path, AttributeType other,
                   const std::string& value) {
        return say(type, [&](CommandWriter& out) {
            out.text(AttributeType::path, path).text(other, value);
        });
    }
    Counting& rename(const std::string& from, const std::string& to) {
        return with(CommandType::rename, from, AttributeType::path_to, to);
    }
    Counting& link(const std::string& name, const std::string& to) {
        return with(CommandType::link, name, AttributeType::path_link, to);
    }
    [[nodiscard]] ChangeCount count() const { return counter_.count(); }

  private:
    template <typename Fill>
    Counting& say(CommandType type, Fill fill) {
        std::vector<std::byte> bytes;
        CommandWriter out(bytes, type);
        fill(out);
        out.finish();
        counter_.note(Command(bytes, 1));
        return *this;
    }
    ChangeCounter counter_;
};

}  // namespace

TEST_CASE("a new file is made once, whatever name the kernel gives it for a while") {
    Counting stream;
    stream.with(CommandType::mkfile, "o257-8-0")
        .rename("o257-8-0", "album/sea")
        .with(CommandType::write, "album/sea")
        .with(CommandType::truncate, "album/sea");
    CHECK(stream.count() == ChangeCount{1, 0, 0, 0, 1});
}

TEST_CASE("new directories are placed late and count as nothing") {
    Counting stream;
    stream.with(CommandType::mkdir, "o258-8-0")
        .with(CommandType::mkfile, "o259-8-0")
        .rename("o259-8-0", "o258-8-0/sea")
        .rename("o258-8-0", "album");
    CHECK(stream.count() == ChangeCount{1, 0, 0, 0, 1});
}

TEST_CASE("a file that was there is rewritten once, however often it is written to") {
    Counting stream;
    stream.with(CommandType::write, "a")
        .with(CommandType::clone, "a")
        .with(CommandType::truncate, "a");
    stream.with(CommandType::write, "b").with(CommandType::utimes, "c");
    CHECK(stream.count() == ChangeCount{0, 0, 0, 2, 0});
}

TEST_CASE("a file that is moved by a link and an unlink is renamed, and one unlinked is deleted") {
    Counting stream;
    stream.link("b", "a").with(CommandType::unlink, "a").with(CommandType::unlink, "c");
    CHECK(stream.count() == ChangeCount{0, 1, 1, 0, -1});
}

TEST_CASE("what is moved out of the way counts by what becomes of it") {
    Counting stream;
    stream.rename("a", "o260-7-0").rename("o260-7-0", "b");
    stream.rename("c", "o261-7-0").with(CommandType::unlink, "o261-7-0");
    CHECK(stream.count() == ChangeCount{0, 1, 1, 0, -1});
}

TEST_CASE("a directory that is renamed counts once, and a count goes on where another ended") {
    Counting stream;
    CHECK(stream.rename("album", "sea").with(CommandType::rmdir, "old").count().renamed == 1);
    CHECK(ChangeCounter(ChangeCount{1, 2, 3, 4, 5}).count() == ChangeCount{1, 2, 3, 4, 5});
}
