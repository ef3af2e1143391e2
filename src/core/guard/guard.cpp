#include "snapferry/core/guard/guard.h"

#include <fmt/format.h>

#include <utility>

#include "attribute_check.h"
#include "attribute_values.h"
#include "extent_check.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::stream {
namespace {

// The type bits of a mode; linux/stat.h
constexpr std::uint64_t type_bits = 0170000;
constexpr std::uint64_t fifo = 0010000;
constexpr std::uint64_t character_device = 0020000;
constexpr std::uint64_t block_device = 0060000;
constexpr std::uint64_t socket = 0140000;

bool makes(CommandType command, std::uint64_t file_type) {
    switch (command) {
        case CommandType::mkfifo:
            return file_type == fifo;
        case CommandType::mksock:
            return file_type == socket;
        default:
            return file_type == character_device || file_type == block_device;
    }
}

void check_file_type(const Command& command) {
    if (!makes(command.type(), number64_in(command, AttributeType::mode) & type_bits))
        throw Refused(fmt::format("{} of '{}' has the mode of another type of file",
                                  name_of(command.type()),
                                  escape_text(text_in(command, AttributeType::path), 256)));
}

std::string parent_text(const std::optional<Uuid>& parent) {
    return parent ? "the parent " + parent->text() : "no parent";
}

}  // namespace

Guard::Guard(StreamIdentity announced, Form form) : announced_(std::move(announced)), form_(form) {
    if (announced_.uuid.is_null() || (announced_.parent_uuid && announced_.parent_uuid->is_null()))
        throw Refused("the announced uuid of the snapshot or of its parent is null");
    if (announced_.parent_uuid == announced_.uuid)
        throw Refused("the snapshot and its parent have the same uuid");
}

Guard Guard::for_rest(StreamIdentity announced, Form form) {
    Guard guard(std::move(announced), form);
    guard.place_ = Place::within;
    return guard;
}

void Guard::check(const Command& command) {
    if (!is_known(command.type(), version_of(form_)))
        throw Refused(fmt::format("command {} is not known in version {} of the stream",
                                  static_cast<unsigned>(command.type()), version_of(form_)));
    switch (place_) {
        case Place::before_first:
            check_first(command);
            place_ = Place::within;
            return;
        case Place::within:
            check_later(command);
            if (command.type() == CommandType::end)
                place_ = Place::after_end;
            return;
        case Place::after_end:
            throw Refused(fmt::format("{} comes after its end", name_of(command.type())));
    }
}

void Guard::check_first(const Command& command) const {
    const auto identity = identity_of(command);
    if (identity.name != announced_.name)
        throw Refused(fmt::format("it holds '{}', but '{}' was announced", identity.name.text(),
                                  announced_.name.text()));
    if (identity.uuid != announced_.uuid || identity.transid != announced_.transid)
        throw Refused(fmt::format(
            "it holds {} of generation {}, but {} of generation {} was announced",
            identity.uuid.text(), identity.transid, announced_.uuid.text(), announced_.transid));
    if (identity.parent_uuid != announced_.parent_uuid)
        throw Refused(fmt::format("it builds on {}, but {} was announced",
                                  parent_text(identity.parent_uuid),
                                  parent_text(announced_.parent_uuid)));
}

void Guard::check_later(const Command& command) const {
    check_attributes(command);
    switch (command.type()) {
        case CommandType::subvol:
        case CommandType::snapshot:
            throw Refused("it holds more than one subvolume");
        case CommandType::mknod:
        case CommandType::mkfifo:
        case CommandType::mksock:
            return check_file_type(command);
        case CommandType::write:
            return check_write(command);
        case CommandType::clone:
            check_clone_range(command);
            return check_clone_source(command);
        case CommandType::update_extent:
            throw Refused("it was made without file data (send --no-data)");
        case CommandType::fallocate:
            return check_fallocate(command);
        case CommandType::encoded_write:
            if (form_ != Form::v2_compressed)
                throw Refused(
                    "it holds compressed data, which this receiver does not take or the "
                    "sender did not announce");
            return check_encoded_write(command);
        default:
            return;
    }
}

void Guard::check_clone_source(const Command& command) const {
    const auto source = uuid_in(command, AttributeType::clone_uuid);
    if (source != announced_.uuid && source != announced_.parent_uuid)
        throw Refused(
            fmt::format("clone of '{}' takes its data from {}, which is neither the "
                        "snapshot nor its parent",
                        escape_text(text_in(command, AttributeType::path), 256), source.text()));
}

}  // namespace snapferry::stream
