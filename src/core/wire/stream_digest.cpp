#include "snapferry/core/wire/stream_digest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <new>

namespace snapferry::wire {
namespace {

struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

struct StreamDigest::State {
    std::unique_ptr<XXH3_state_t, FreeState> hash{XXH3_createState()};
};

StreamDigest::StreamDigest() : state_(std::make_unique<State>()) {
    if (!state_->hash) {
        throw std::bad_alloc();
    }
    reset();
}

StreamDigest::~StreamDigest() = default;
StreamDigest::StreamDigest(StreamDigest&&) noexcept = default;
StreamDigest& StreamDigest::operator=(StreamDigest&&) noexcept = default;

void StreamDigest::update(std::span<const std::byte> bytes) {
    XXH3_128bits_update(state_->hash.get(), bytes.data(), bytes.size());
}

std::string StreamDigest::text() const {
    const auto digest = XXH3_128bits_digest(state_->hash.get());
    return fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
}

void StreamDigest::reset() {
    XXH3_128bits_reset(state_->hash.get());
}

}  // namespace snapferry::wire
