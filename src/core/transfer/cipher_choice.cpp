#include "snapferry/core/transfer/cipher_choice.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

// With 128 bits AES has ten rounds instead of fourteen, and nobody can break either.
constexpr std::string_view aes_gcm_names = "aes128-gcm@openssh.com,aes256-gcm@openssh.com";
constexpr std::string_view chacha20_name = "chacha20-poly1305@openssh.com";
constexpr std::string_view counter_mode_names = "aes256-ctr,aes192-ctr,aes128-ctr";

}  // namespace

std::optional<Cipher> parse_cipher_setting(std::string_view text) {
    if (text == "auto") {
        return std::nullopt;
    }
    if (text == "aes-gcm") {
        return Cipher::aes_gcm;
    }
    if (text == "chacha20") {
        return Cipher::chacha20;
    }
    throw Failure(ExitCode::configuration,
                  fmt::format("no cipher is called \"{}\"", escape_text(text, 40)),
                  "it is auto, aes-gcm or chacha20");
}

Cipher choose_cipher(std::optional<Cipher> demanded, bool fast_aes_here,
                     std::optional<bool> fast_aes_there) {
    const bool both = fast_aes_here && fast_aes_there.value_or(true);
    return demanded.value_or(both ? Cipher::aes_gcm : Cipher::chacha20);
}

std::string cipher_list(Cipher chosen) {
    const bool aes_first = chosen == Cipher::aes_gcm;
    return fmt::format("{},{},{}", aes_first ? aes_gcm_names : chacha20_name,
                       aes_first ? chacha20_name : aes_gcm_names, counter_mode_names);
}

bool is_of_kind(std::string_view name, Cipher cipher) {
    return name.find(cipher == Cipher::aes_gcm ? "gcm" : "chacha20") != std::string_view::npos;
}

}  // namespace snapferry
