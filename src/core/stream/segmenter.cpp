#include "snapferry/core/stream/segmenter.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "../guard/attribute_values.h"

namespace snapferry::stream {

Segmenter::Segmenter(StreamIdentity identity, std::uint32_t version, std::optional<Uuid> alias_uuid)
    : identity_(std::move(identity)), version_(version), alias_uuid_(alias_uuid) {
    if (identity_.parent_uuid.has_value() != alias_uuid_.has_value())
        throw std::logic_error("a stream has a parent without an alias, or an alias without one");
}

void Segmenter::begin(const Segment& segment, std::vector<std::byte>& out) {
    segment_uuid_ = segment.uuid;
    write_stream_header(out, version_);
    CommandWriter first{out, segment.parent_uuid ? CommandType::snapshot : CommandType::subvol};
    first.text(AttributeType::path, segment.name)
        .uuid(AttributeType::uuid, segment.uuid)
        .number64(AttributeType::ctransid, identity_.transid);
    if (segment.parent_uuid)
        // `btrfs receive` asks for the parent's generation, but does not compare it.
        first.uuid(AttributeType::clone_uuid, *segment.parent_uuid)
            .number64(AttributeType::clone_ctransid, identity_.transid);
    first.finish();
}

void Segmenter::rewrite(Command& command) const {
    if (!segment_uuid_)
        throw std::logic_error("a command is rewritten before a segment is begun");
    switch (command.type()) {
        case CommandType::subvol:
        case CommandType::snapshot:
        case CommandType::end:
            throw std::logic_error("a segment has a first command and an end of its own");
        case CommandType::clone:
            break;
        default:
            return;
    }
    const auto source = uuid_in(command, AttributeType::clone_uuid);
    const auto staged = staged_uuid(source);
    if (staged == source)
        return;
    std::copy(staged.bytes().begin(), staged.bytes().end(),
              command.find(AttributeType::clone_uuid).value().begin());
    command.seal();
}

void Segmenter::finish(std::vector<std::byte>& out) {
    CommandWriter{out, CommandType::end}.finish();
}

Uuid Segmenter::staged_uuid(const Uuid& source) const {
    if (source == identity_.uuid)
        return *segment_uuid_;
    if (source == identity_.parent_uuid)
        return *alias_uuid_;
    throw std::logic_error("a clone that the guard had to refuse reached the segmenter");
}

}  // namespace snapferry::stream
