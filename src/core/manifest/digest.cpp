#include "snapferry/core/manifest/digest.h"

#include <openssl/evp.h>

#include "snapferry/core/failure.h"

namespace snapferry::manifest {
namespace {

struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Its algorithm is part of the library itself: only a broken installation lacks it.
void require(bool done) {
    if (!done) {
        throw Failure(ExitCode::internal, "libcrypto cannot compute SHA-256",
                      "see whether its package is whole");
    }
}

}  // namespace

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};

    void begin() const { require(EVP_DigestInit_ex2(context.get(), EVP_sha256(), nullptr) == 1); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    require(state_->context != nullptr);
    state_->begin();
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256::take() {
    Digest digest{};
    require(EVP_DigestFinal_ex(state_->context.get(),
                               reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    state_->begin();
    return digest;
}

}  // namespace snapferry::manifest
