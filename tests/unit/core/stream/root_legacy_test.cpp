#include "snapferry/core/stream/root_legacy.h"

#include <string>

#include "catch.h"
#include "core/stream/command_sample.h"

using namespace snapferry::stream;
using namespace snapferry::stream::testing;

namespace {

const std::string acl = "system.posix_acl_default";

bool takes(RootLegacy& legacy, CommandType type, const std::string& path, const std::string& name,
           const std::string& value = "") {
    auto sample = CommandSample{
        type, {{AttributeType::path, bytes_of(path)}, {AttributeType::xattr_name, bytes_of(name)}}};
    if (type == CommandType::set_xattr) {
        sample = sample.with(AttributeType::xattr_data, bytes_of(value));
    }
    auto bytes = command_bytes(sample, 1);
    return legacy.takes(Command(bytes, 1));
}

Bytes put_back_by(const RootLegacy& legacy) {
    Bytes out;
    legacy.put_back(out);
    return out;
}

Bytes setting(const std::string& name, const std::string& value) {
    return command_bytes({CommandType::set_xattr,
                          {{AttributeType::path, bytes_of("")},
                           {AttributeType::xattr_name, bytes_of(name)},
                           {AttributeType::xattr_data, bytes_of(value)}}},
                         1);
}

}  // namespace

TEST_CASE("what the root hands on comes last and as it was said last") {
    RootLegacy legacy;
    Bytes out;
    legacy.lay_aside({}, out);
    CHECK(out.empty());
    CHECK(takes(legacy, CommandType::set_xattr, "", acl, "one"));
    CHECK(takes(legacy, CommandType::set_xattr, "", acl, "two"));
    CHECK(put_back_by(legacy) == setting(acl, "two"));
    CHECK(takes(legacy, CommandType::remove_xattr, "", acl));
    CHECK(put_back_by(legacy).empty());
}

TEST_CASE("what the root had before is taken away and comes back unless the stream changes it") {
    RootLegacy legacy;
    Bytes out;
    legacy.lay_aside({{acl, bytes_of("old")}}, out);
    CHECK(out == command_bytes({CommandType::remove_xattr,
                                {{AttributeType::path, bytes_of("")},
                                 {AttributeType::xattr_name, bytes_of(acl)}}},
                               1));
    CHECK(put_back_by(legacy) == setting(acl, "old"));
    CHECK(takes(legacy, CommandType::set_xattr, "", "btrfs.compression", "zstd"));
    CHECK(takes(legacy, CommandType::remove_xattr, "", acl));
    CHECK(put_back_by(legacy) == setting("btrfs.compression", "zstd"));
}

TEST_CASE("other attributes, and those of files and directories, pass") {
    RootLegacy legacy;
    CHECK_FALSE(takes(legacy, CommandType::set_xattr, "dir", acl, "x"));
    CHECK_FALSE(takes(legacy, CommandType::set_xattr, "", "system.posix_acl_access", "x"));
    CHECK_FALSE(takes(legacy, CommandType::set_xattr, "", "user.acl", "x"));
    CHECK(put_back_by(legacy).empty());
}
