#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Which of the two kinds of cipher is quicker depends on the processors: AES-GCM by far where both
/// have instructions for it, ChaCha20-Poly1305 by far where one has not (a Raspberry Pi 4).
enum class Cipher { aes_gcm, chacha20 };

/// "auto" is nothing, "aes-gcm", "chacha20". Throws Failure (configuration) for any other text.
std::optional<Cipher> parse_cipher_setting(std::string_view text);

/// `there` is nothing where the receiver has not said yet.
Cipher choose_cipher(std::optional<Cipher> demanded, bool fast_aes_here,
                     std::optional<bool> fast_aes_there);

/// What is offered in the SSH handshake, best first: the chosen kind, and then the others, so that
/// a server without the chosen one is not lost. In the form of OpenSSH's Ciphers.
std::string cipher_list(Cipher chosen);

/// True where the name that a handshake has agreed on is of that kind.
bool is_of_kind(std::string_view name, Cipher cipher);

}  // namespace snapferry
