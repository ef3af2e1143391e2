#include "snapferry/core/wire/compression.h"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <new>

#include "snapferry/core/encoded/zstd_frame.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"

namespace snapferry::wire {
namespace {

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

[[noreturn]] void refuse(std::string_view why) {
    throw Failure(ExitCode::protocol,
                  fmt::format("the sender sent a compressed frame that is not sound: {}", why));
}

/// Throws unless there is exactly one frame, whose header says a size up to `room`.
void check_frame(std::span<const std::byte> payload, std::size_t room) {
    if (!begins_zstd_frame(payload)) {
        refuse("it is not one frame of zstd");
    }
    const auto size = ZSTD_findFrameCompressedSize(payload.data(), payload.size());
    if (ZSTD_isError(size) != 0 || size != payload.size()) {
        refuse("it is not one frame of zstd");
    }
    const auto content = ZSTD_getFrameContentSize(payload.data(), payload.size());
    if (content == ZSTD_CONTENTSIZE_UNKNOWN || content == ZSTD_CONTENTSIZE_ERROR) {
        refuse("it does not say how large its content is");
    }
    if (content > std::min(room, max_data)) {
        refuse("it holds more than is allowed");
    }
}

}  // namespace

struct Compressor::Context {
    std::unique_ptr<ZSTD_CCtx, FreeContext> zstd{ZSTD_createCCtx()};
};

Compressor::Compressor() : context_(std::make_unique<Context>()) {
    if (!context_->zstd) {
        throw std::bad_alloc();
    }
}

Compressor::~Compressor() = default;

std::optional<std::size_t> Compressor::compress(std::span<const std::byte> data,
                                                std::span<std::byte> into, int level) {
    const auto size = ZSTD_compressCCtx(context_->zstd.get(), into.data(), into.size(), data.data(),
                                        data.size(), level);
    if (ZSTD_isError(size) == 0) {
        return size;
    }
    if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall) {
        throw Failure(ExitCode::internal,
                      fmt::format("cannot compress: {}", ZSTD_getErrorName(size)));
    }
    return std::nullopt;
}

struct Decompressor::Context {
    std::unique_ptr<ZSTD_DCtx, FreeContext> zstd{ZSTD_createDCtx()};
};

Decompressor::Decompressor() : context_(std::make_unique<Context>()) {
    if (!context_->zstd) {
        throw std::bad_alloc();
    }
}

Decompressor::~Decompressor() = default;

std::size_t Decompressor::decompress(std::span<const std::byte> payload,
                                     std::span<std::byte> into) {
    check_frame(payload, into.size());
    const auto size = ZSTD_decompressDCtx(context_->zstd.get(), into.data(), into.size(),
                                          payload.data(), payload.size());
    if (ZSTD_isError(size) != 0) {
        refuse(ZSTD_getErrorName(size));
    }
    return size;
}

}  // namespace snapferry::wire
