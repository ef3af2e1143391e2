#include <fmt/format.h>

#include "../guard/attribute_check.h"
#include "../guard/attribute_values.h"
#include "snapferry/core/guard/guard.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::stream {
namespace {

SnapshotName name_in(const Command& first) {
    const auto text = text_in(first, AttributeType::path);
    auto name = SnapshotName::parse(text);
    if (!name)
        throw Refused(fmt::format("'{}' is not a name for a snapshot", escape_text(text, 256)));
    return *std::move(name);
}

Uuid uuid_that_is_one(const Command& first, AttributeType type) {
    const auto uuid = uuid_in(first, type);
    if (uuid.is_null())
        throw Refused(
            fmt::format("the {} of the command {} is null", name_of(type), name_of(first.type())));
    return uuid;
}

}  // namespace

StreamIdentity identity_of(const Command& first) {
    const bool is_snapshot = first.type() == CommandType::snapshot;
    if (!is_snapshot && first.type() != CommandType::subvol)
        throw Refused(fmt::format("it starts with {}, not with a subvolume or snapshot",
                                  name_of(first.type())));
    check_attributes(first);
    StreamIdentity identity{name_in(first), uuid_that_is_one(first, AttributeType::uuid),
                            number64_in(first, AttributeType::ctransid), std::nullopt};
    if (is_snapshot)
        identity.parent_uuid = uuid_that_is_one(first, AttributeType::clone_uuid);
    return identity;
}

}  // namespace snapferry::stream
