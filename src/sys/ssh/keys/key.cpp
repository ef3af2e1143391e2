#include "snapferry/sys/ssh/keys/key.h"

#include "snapferry/core/failure.h"

namespace snapferry::ssh {
namespace {

struct HashDeleter {
    void operator()(unsigned char* hash) const { ssh_clean_pubkey_hash(&hash); }
};
struct TextDeleter {
    void operator()(char* text) const { ssh_string_free_char(text); }
};

}  // namespace

std::string fingerprint(const KeyHandle& key) {
    unsigned char* raw_hash = nullptr;
    std::size_t length = 0;
    if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &raw_hash, &length) !=
        SSH_OK) {
        throw Failure(ExitCode::internal, "cannot compute a key's fingerprint");
    }
    const std::unique_ptr<unsigned char, HashDeleter> hash(raw_hash);
    const std::unique_ptr<char, TextDeleter> text(
        ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash.get(), length));
    if (text == nullptr) {
        throw Failure(ExitCode::internal, "cannot write a key's fingerprint");
    }
    return text.get();
}

std::string base64_text(const KeyHandle& key) {
    char* raw = nullptr;
    if (ssh_pki_export_pubkey_base64(key.get(), &raw) != SSH_OK) {
        throw Failure(ExitCode::internal, "cannot write a public key");
    }
    const std::unique_ptr<char, TextDeleter> text(raw);
    return text.get();
}

std::string type_name(const KeyHandle& key) {
    const char* name = ssh_key_type_to_char(ssh_key_type(key.get()));
    return name == nullptr ? "unknown" : name;
}

}  // namespace snapferry::ssh
