// A manifest from the other side, as it is kept and as it travels: packed, or the text itself. What
// is taken must be written again as it was.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/manifest/writer.h"

namespace {

using namespace snapferry;

/// The first byte says which of the two it is.
void read(std::span<const std::byte> bytes, manifest::Reader& reader) {
    const bool is_packed = (bytes.front() & std::byte{1}) != std::byte{0};
    bytes = bytes.subspan(1);
    if (!is_packed) {
        reader.push(bytes);
        return;
    }
    manifest::Unpacker unpacker(
        [&](std::span<const std::byte> unpacked) { reader.push(unpacked); });
    unpacker.push(bytes);
    unpacker.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    std::string again;
    manifest::Writer writer([&](std::string_view text) { again += text; });
    manifest::Reader reader([&](const manifest::Entry& entry) { writer.add(entry); });
    try {
        read(std::as_bytes(std::span(data, size)), reader);
        if (reader.finish() != writer.finish()) {
            std::abort();
        }
    } catch (const Failure&) {
        return 0;
    }
    return 0;
}
