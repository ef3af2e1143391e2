#include "snapferry/core/setup/public_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/digest.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

constexpr std::size_t longest_line = 8192;  // bytes; RSA with 16384 bits takes under 3000
constexpr std::array<std::string_view, 5> types{
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"};
constexpr auto hint =
    "give the one line of the .pub file, which begins with its type: ssh-ed25519 AAAA...";

[[noreturn]] void refuse(std::string_view why) {
    throw Failure(ExitCode::configuration, fmt::format("this is no public key: {}", why), hint);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos
               ? std::string_view{}
               : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view take_word(std::string_view& rest) {
    const auto word = rest.substr(0, rest.find_first_of(" \t"));
    rest = trimmed(rest.substr(word.size()));
    return word;
}

/// Nothing where it is no base64.
std::vector<std::uint8_t> decoded(std::string_view base64) {
    if (base64.empty() || base64.size() % 4 != 0) {
        return {};
    }
    std::vector<std::uint8_t> bytes(base64.size() / 4 * 3);
    const auto size =
        EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                        static_cast<int>(base64.size()));
    const auto padding =
        static_cast<std::size_t>(std::ranges::count(base64.substr(base64.size() - 2), '='));
    if (size < 0) {
        return {};
    }
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

/// RFC 4251, 5: a string stands behind its length, four bytes with the highest first. The strings
/// of a key fill it exactly; nothing where they do not.
std::vector<std::string> strings_in(const std::vector<std::uint8_t>& key) {
    constexpr std::size_t length_size = 4;  // bytes
    constexpr std::size_t most = 3;         // of a key of the types above
    std::vector<std::string> strings;
    strings.reserve(most);
    std::size_t at = 0;
    while (at + length_size <= key.size() && strings.size() < most) {
        const std::size_t length = (std::size_t{key[at]} << 24) | (std::size_t{key[at + 1]} << 16) |
                                   (std::size_t{key[at + 2]} << 8) | std::size_t{key[at + 3]};
        at += length_size;
        if (length > key.size() - at) {
            return {};
        }
        const auto begin = key.begin() + static_cast<std::ptrdiff_t>(at);
        strings.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(length));
        at += length;
    }
    return at == key.size() ? strings : std::vector<std::string>{};
}

/// RFC 4253, 6.6: the first string of a key is its type. RFC 8709: an Ed25519 key has 32 bytes.
bool is_whole_key(const std::vector<std::uint8_t>& key, std::string_view type) {
    constexpr std::size_t ed25519_size = 32;  // bytes
    const auto strings = strings_in(key);
    if (strings.size() < 2 || strings.front() != type) {
        return false;
    }
    return type == "ssh-ed25519" ? strings.size() == 2 && strings.back().size() == ed25519_size
                                 : strings.size() == 3;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char character) { return character >= ' ' && character <= '~'; });
}

}  // namespace

std::string PublicKey::line() const {
    return comment.empty() ? fmt::format("{} {}", type, base64)
                           : fmt::format("{} {} {}", type, base64, comment);
}

PublicKey parse_public_key(std::string_view text) {
    if (text.find("PRIVATE KEY") != std::string_view::npos) {
        refuse("it is the private one, which never leaves its machine");
    }
    auto rest = trimmed(text);
    if (rest.size() > longest_line) {
        refuse("it is too long");
    }
    if (rest.empty()) {
        refuse("it is empty");
    }
    if (!is_printable(rest)) {
        refuse("it is more than one line, or has characters that no key has");
    }
    const auto type = take_word(rest);
    if (std::ranges::find(types, type) == types.end()) {
        refuse(fmt::format("\"{}\" is no type of a key that is taken here", escape_text(type, 40)));
    }
    const auto base64 = take_word(rest);
    if (!is_whole_key(decoded(base64), type)) {
        refuse("what follows its type is cut off or changed");
    }
    return {std::string(type), std::string(base64), std::string(rest)};
}

std::string fingerprint_of(const PublicKey& key) {
    const auto bytes = decoded(key.base64);
    manifest::Sha256 hash;
    hash.update(std::as_bytes(std::span(bytes)));
    const auto digest = hash.take();
    // And the NUL that is written behind it.
    std::string text((digest.size() + 2) / 3 * 4 + 1, '\0');
    const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<const unsigned char*>(digest.data()),
                                        static_cast<int>(digest.size()));
    text.resize(static_cast<std::size_t>(length));
    while (text.ends_with('=')) {
        text.pop_back();
    }
    return "SHA256:" + text;
}

}  // namespace snapferry::setup
