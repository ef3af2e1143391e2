#include "snapferry/core/stream/segmenter.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "catch.h"
#include "core/stream/real_stream.h"

using namespace snapferry::stream;
using snapferry::SnapshotName;
using snapferry::Uuid;
using testing::Bytes;

namespace {

const Uuid alias = *Uuid::parse("aaaaaaaa-0000-4000-8000-00000000000a");

Uuid segment_uuid(unsigned number) {
    std::array<std::byte, Uuid::size> bytes{};
    bytes.fill(static_cast<std::byte>(number));
    return Uuid{bytes};
}

std::uint32_t version_of(std::string_view fixture) {
    return fixture.ends_with("v2") ? 2 : 1;
}

/// All commands of a stream, first and END included, each in bytes of its own.
std::vector<Bytes> commands_of(const Bytes& stream) {
    Reader reader;
    reader.push(stream);
    std::vector<Bytes> commands;
    while (const auto command = reader.next())
        commands.emplace_back(command->bytes().begin(), command->bytes().end());
    return commands;
}

/// Cuts the stream into segments after the given numbers of commands.
std::vector<Bytes> cut(const Bytes& stream, std::uint32_t version, std::vector<std::size_t> cuts) {
    const auto identity = testing::identity_in(stream);
    const auto has_parent = identity.parent_uuid.has_value();
    Segmenter segmenter{identity, version, has_parent ? std::optional{alias} : std::nullopt};
    auto commands = commands_of(stream);

    std::vector<Bytes> segments;
    cuts.push_back(commands.size() - 1);
    std::size_t next = 1;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
        const bool is_last = i + 1 == cuts.size();
        Segment segment{is_last ? identity.name.text() : "partial",
                        is_last ? identity.uuid : segment_uuid(static_cast<unsigned>(i + 1)),
                        has_parent ? std::optional{alias} : std::nullopt};
        if (i > 0)
            segment.parent_uuid = segment_uuid(static_cast<unsigned>(i));
        auto& out = segments.emplace_back();
        segmenter.begin(segment, out);
        for (; next < cuts[i]; ++next) {
            Command command{commands[next], version};
            segmenter.rewrite(command);
            out.insert(out.end(), command.bytes().begin(), command.bytes().end());
        }
        Segmenter::finish(out);
    }
    return segments;
}

std::vector<Uuid> clone_sources(const Bytes& stream, std::uint32_t version) {
    std::vector<Uuid> sources;
    for (auto& bytes : commands_of(stream)) {
        const Command command{bytes, version};
        if (command.type() == CommandType::clone)
            sources.emplace_back(command.find(AttributeType::clone_uuid).value().first<16>());
    }
    return sources;
}

}  // namespace

TEST_CASE("a full stream in one segment under its own name is the stream itself") {
    for (const auto& [name, version] : {std::pair{"full_v1", 1U}, std::pair{"full_v2", 2U}}) {
        const auto stream = testing::real_stream(name);
        CHECK(cut(stream, version, {}) == std::vector<Bytes>{stream});
    }
}

TEST_CASE("an increment in one segment differs from the stream in its parent's uuid alone") {
    const auto stream = testing::real_stream("increment_v1");
    const auto segments = cut(stream, 1, {});
    REQUIRE(segments.size() == 1);
    CHECK(segments[0].size() == stream.size());
    const auto identity = testing::identity_in(segments[0]);
    CHECK(identity.parent_uuid == alias);
    CHECK(identity.uuid == testing::identity_in(stream).uuid);
    CHECK(identity.name == testing::identity_in(stream).name);
    CHECK(clone_sources(segments[0], 1) == std::vector<Uuid>{alias, identity.uuid});
}

TEST_CASE("each segment of a stream is a whole stream that the guard takes") {
    for (const auto& name : testing::good_streams) {
        const auto stream = testing::real_stream(name);
        for (const auto& segment : cut(stream, version_of(name), {5, 6, 30})) {
            const auto identity = testing::identity_in(segment);
            // A later segment of an increment may clone from a third subvolume, the alias, and only
            // `btrfs receive` is to read that.
            const auto sources = clone_sources(segment, version_of(name));
            const bool is_later = identity.parent_uuid && identity.parent_uuid != alias;
            if (is_later && std::count(sources.begin(), sources.end(), alias) > 0)
                CHECK(commands_of(segment).size() > 2);
            else
                CHECK(testing::read(segment, identity).whole);
        }
    }
}

TEST_CASE("the first segment starts from the alias, each later one from the partial before it") {
    const auto stream = testing::real_stream("increment_v2");
    const auto segments = cut(stream, 2, {5, 10});
    REQUIRE(segments.size() == 3);
    CHECK(testing::identity_in(segments[0]).parent_uuid == alias);
    CHECK(testing::identity_in(segments[0]).uuid == segment_uuid(1));
    CHECK(testing::identity_in(segments[1]).parent_uuid == segment_uuid(1));
    CHECK(testing::identity_in(segments[1]).uuid == segment_uuid(2));
    CHECK(testing::identity_in(segments[2]).parent_uuid == segment_uuid(2));
    const auto original = testing::identity_in(stream);
    const auto last = testing::identity_in(segments[2]);
    CHECK(last.name == original.name);
    CHECK(last.uuid == original.uuid);
    CHECK(last.transid == original.transid);
}

TEST_CASE("a full stream's first segment starts from nothing") {
    const auto segments = cut(testing::real_stream("full_v1"), 1, {5});
    CHECK_FALSE(testing::identity_in(segments[0]).parent_uuid);
    CHECK(testing::identity_in(segments[1]).parent_uuid == segment_uuid(1));
}

TEST_CASE("the segments together hold every command of the stream, and only clones are changed") {
    for (const auto& name : testing::good_streams) {
        const auto stream = testing::real_stream(name);
        const std::uint32_t version = version_of(name);
        const auto original = commands_of(stream);
        std::vector<Bytes> joined;
        for (const auto& segment : cut(stream, version, {3, 9, 15})) {
            const auto commands = commands_of(segment);
            joined.insert(joined.end(), commands.begin() + 1, commands.end() - 1);
        }
        REQUIRE(joined.size() == original.size() - 2);
        for (std::size_t i = 0; i < joined.size(); ++i) {
            const Command command{joined[i], version};
            if (command.type() != CommandType::clone)
                CHECK(joined[i] == original[i + 1]);
        }
    }
}

TEST_CASE("a clone from within takes its data from the segment, wherever the cut is") {
    const auto stream = testing::real_stream("increment_v1");
    const auto total = commands_of(stream).size();
    for (std::size_t at = 2; at < total; ++at) {
        const auto segments = cut(stream, 1, {at});
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const auto own = testing::identity_in(segments[i]).uuid;
            for (const auto& source : clone_sources(segments[i], 1))
                CHECK((source == alias || source == own));
        }
    }
}

TEST_CASE("a segmenter refuses to be misused") {
    const auto stream = testing::real_stream("increment_v1");
    const auto identity = testing::identity_in(stream);
    CHECK_THROWS_AS(Segmenter(identity, 1, std::nullopt), std::logic_error);

    Segmenter segmenter{identity, 1, alias};
    auto commands = commands_of(stream);
    Command first{commands.front(), 1};
    Command second{commands[1], 1};
    Command end{commands.back(), 1};
    CHECK_THROWS_AS(segmenter.rewrite(second), std::logic_error);
    Bytes out;
    segmenter.begin({"partial", segment_uuid(1), alias}, out);
    CHECK_THROWS_AS(segmenter.rewrite(first), std::logic_error);
    CHECK_THROWS_AS(segmenter.rewrite(end), std::logic_error);
}
