#include "snapferry/core/manifest/packing.h"

#include <zstd.h>

#include <string>
#include <vector>

#include "catch.h"
#include "snapferry/core/manifest/reader.h"

namespace snapferry::manifest {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string packed(const std::string& text, std::size_t piece) {
    std::string result;
    Packer packer([&](std::span<const std::byte> bytes) { result += text_of(bytes); });
    const auto bytes = std::as_bytes(std::span(text));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        packer.push(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    packer.finish();
    return result;
}

std::string unpacked(const std::string& packed, std::size_t piece) {
    std::string result;
    Unpacker unpacker([&](std::span<const std::byte> bytes) { result += text_of(bytes); });
    const auto bytes = std::as_bytes(std::span(packed));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        unpacker.push(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    unpacker.finish();
    return result;
}

std::string sample() {
    std::string text;
    for (int line = 0; line < 20000; ++line) {
        text += "./a/file-" + std::to_string(line * 7919) + " type=file mode=0644\n";
    }
    return text;
}

TEST_CASE("What is packed in pieces of any size is unpacked in pieces of any size") {
    const auto text = sample();
    for (const std::size_t piece : {1UL, 3UL, 4096UL, 1UL << 22U}) {
        const auto once = packed(text, piece);
        CHECK(once.size() < text.size() / 3);
        for (const std::size_t other : {1UL, 5UL, 1UL << 22U}) {
            CHECK(unpacked(once, other) == text);
        }
    }
    CHECK(unpacked(packed("", 1), 1).empty());
}

TEST_CASE("What is not exactly one whole frame is refused") {
    const auto whole = packed(sample(), 1000);
    std::string flipped = whole;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
    const std::string skippable("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12);
    const std::string of_an_old_version("\x27\xb5\x2f\xfd\0\0\0\0", 8);
    for (const auto& bad :
         {std::string(), std::string("("), whole.substr(0, 3), whole.substr(0, 10),
          whole.substr(0, whole.size() - 1), whole + "x", whole + whole, skippable + whole,
          skippable, of_an_old_version, flipped, std::string("#mtree\n")}) {
        for (const std::size_t piece : {1UL, 100000UL}) {
            CHECK_THROWS_AS(unpacked(bad, piece), Malformed);
        }
    }
}

TEST_CASE("A frame that wants too large a window is refused") {
    const std::string text(std::size_t{32} << 20U, 'a');
    std::string frame(ZSTD_compressBound(text.size()), '\0');
    auto* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 25);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), text.data(), text.size()));
    ZSTD_freeCCtx(context);
    CHECK_THROWS_AS(unpacked(frame, 100000), Malformed);
}

}  // namespace
}  // namespace snapferry::manifest
