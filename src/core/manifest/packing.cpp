#include "snapferry/core/manifest/packing.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "snapferry/core/encoded/zstd_frame.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/reader.h"

namespace snapferry::manifest {
namespace {

constexpr int level = 1;               // of zstd: digests do not shrink, and 6 packs no better
constexpr int largest_window = 23;     // as a power of two, bytes: that of level 19
constexpr std::size_t magic_size = 4;  // bytes, at the beginning of a frame

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::size_t require_packed(std::size_t result) {
    if (ZSTD_isError(result) != 0) {
        throw Failure(ExitCode::internal,
                      std::string("cannot compress: ") + ZSTD_getErrorName(result));
    }
    return result;
}

}  // namespace

struct Packer::State {
    TakeBytes take;
    std::unique_ptr<ZSTD_CCtx, FreeContext> zstd{ZSTD_createCCtx()};
    std::vector<std::byte> room = std::vector<std::byte>(ZSTD_CStreamOutSize());

    /// What zstd still has to say, as it says it.
    std::size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective how) {
        ZSTD_outBuffer out{room.data(), room.size(), 0};
        const auto left = require_packed(ZSTD_compressStream2(zstd.get(), &out, &in, how));
        take(std::span(room).first(out.pos));
        return left;
    }
};

Packer::Packer(TakeBytes take) : state_(std::make_unique<State>()) {
    state_->take = std::move(take);
    if (!state_->zstd) {
        throw std::bad_alloc();
    }
    require_packed(ZSTD_CCtx_setParameter(state_->zstd.get(), ZSTD_c_compressionLevel, level));
    require_packed(ZSTD_CCtx_setParameter(state_->zstd.get(), ZSTD_c_checksumFlag, 1));
}

Packer::~Packer() = default;

void Packer::push(std::span<const std::byte> bytes) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size) {
        state_->step(in, ZSTD_e_continue);
    }
}

void Packer::finish() {
    ZSTD_inBuffer in{nullptr, 0, 0};
    while (state_->step(in, ZSTD_e_end) > 0) {
    }
}

struct Unpacker::State {
    TakeBytes take;
    std::unique_ptr<ZSTD_DCtx, FreeContext> zstd{ZSTD_createDCtx()};
    std::vector<std::byte> room = std::vector<std::byte>(ZSTD_DStreamOutSize());
    std::array<std::byte, magic_size> magic{};
    std::size_t magic_seen = 0;
    std::uint64_t unpacked = 0;
    bool ended = false;

    void unpack(std::span<const std::byte> bytes) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        bool is_full = false;
        while (in.pos < in.size || is_full) {
            if (ended) {
                throw Malformed("something follows its end");
            }
            ZSTD_outBuffer out{room.data(), room.size(), 0};
            const auto left = ZSTD_decompressStream(zstd.get(), &out, &in);
            if (ZSTD_isError(left) != 0) {
                throw Malformed(std::string("it cannot be unpacked: ") + ZSTD_getErrorName(left));
            }
            unpacked += out.pos;
            if (unpacked > most_unpacked) {
                throw Malformed("it is larger than any manifest may be");
            }
            is_full = out.pos == out.size;
            ended = left == 0;
            take(std::span(room).first(out.pos));
            if (ended && in.pos == in.size) {
                return;
            }
        }
    }
};

Unpacker::Unpacker(TakeBytes take) : state_(std::make_unique<State>()) {
    state_->take = std::move(take);
    if (!state_->zstd) {
        throw std::bad_alloc();
    }
    (void)ZSTD_DCtx_setParameter(state_->zstd.get(), ZSTD_d_windowLogMax, largest_window);
}

Unpacker::~Unpacker() = default;

/// libzstd sees nothing that does not begin as a frame of its own format does.
void Unpacker::push(std::span<const std::byte> bytes) {
    auto& magic = state_->magic;
    auto& seen = state_->magic_seen;
    if (seen < magic.size()) {
        const auto more = std::min(magic.size() - seen, bytes.size());
        std::copy_n(bytes.begin(), more, magic.begin() + static_cast<std::ptrdiff_t>(seen));
        seen += more;
        if (seen < magic.size()) {
            return;
        }
        if (!begins_zstd_frame(magic)) {
            throw Malformed("it is not packed as one");
        }
        state_->unpack(magic);
        bytes = bytes.subspan(more);
    }
    if (!bytes.empty()) {
        state_->unpack(bytes);
    }
}

void Unpacker::finish() const {
    if (!state_->ended) {
        throw Malformed("it is cut");
    }
}

}  // namespace snapferry::manifest
