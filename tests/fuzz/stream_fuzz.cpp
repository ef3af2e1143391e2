// A raw stream from anybody: reader, guard and segmenter must refuse it or pass it, whatever it is.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "snapferry/core/checksum/crc32c.h"
#include "snapferry/core/guard/guard.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/reader.h"
#include "snapferry/core/stream/segmenter.h"

namespace {

using namespace snapferry;

/// Mends the CRC of every command that is framed soundly: else nothing that is mutated would get
/// past it.
std::vector<std::byte> with_right_checksums(std::vector<std::byte> stream) {
    for (std::size_t at = stream::stream_header_size;
         at + stream::command_header_size <= stream.size();) {
        std::size_t payload = 0;
        for (std::size_t i = 4; i-- > 0;) {
            payload = payload << 8 | std::to_integer<std::size_t>(stream[at + i]);
        }
        if (payload > stream.size() - at - stream::command_header_size) {
            break;
        }
        const auto command = std::span(stream).subspan(at, stream::command_header_size + payload);
        std::fill_n(command.begin() + 6, 4, std::byte{0});
        const auto crc = stream::crc32c(command);
        for (std::size_t i = 0; i < 4; ++i) {
            command[6 + i] = static_cast<std::byte>(crc >> (8 * i));
        }
        at += command.size();
    }
    return stream;
}

void receive(std::span<const std::byte> bytes) {
    stream::Reader reader;
    std::optional<stream::Guard> guard;
    std::optional<stream::Segmenter> segmenter;
    std::vector<std::byte> out;
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), stream::Reader::piece));
        bytes = bytes.subspan(piece.size());
        reader.push(piece);
        while (auto command = reader.next()) {
            if (!guard) {
                const auto identity = stream::identity_of(*command);
                const auto form =
                    reader.version() == 1 ? stream::Form::v1 : stream::Form::v2_compressed;
                guard.emplace(identity, form);
                guard->check(*command);
                segmenter.emplace(identity, reader.version().value(), identity.parent_uuid);
                segmenter->begin({"partial-1", identity.uuid, identity.parent_uuid}, out);
                continue;
            }
            guard->check(*command);
            if (command->type() != stream::CommandType::end) {
                segmenter->rewrite(*command);
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        receive(with_right_checksums({bytes.begin(), bytes.end()}));
    } catch (const stream::Refused&) {
        return 0;  // the one way in which it may fail
    }
    return 0;
}
