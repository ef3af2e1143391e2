#include "snapferry/core/transfer/cipher_choice.h"

#include "catch.h"
#include "failure_of.h"

using namespace snapferry;
using snapferry::testing::failure_of;

TEST_CASE("AES-GCM is chosen where both processors have instructions for it") {
    CHECK(choose_cipher({}, true, true) == Cipher::aes_gcm);
    CHECK(choose_cipher({}, true, false) == Cipher::chacha20);
    CHECK(choose_cipher({}, false, true) == Cipher::chacha20);
    CHECK(choose_cipher({}, false, false) == Cipher::chacha20);
}

TEST_CASE("a receiver that has not said yet is taken to have them") {
    CHECK(choose_cipher({}, true, {}) == Cipher::aes_gcm);
    CHECK(choose_cipher({}, false, {}) == Cipher::chacha20);
}

TEST_CASE("a cipher that is demanded is chosen whatever the processors have") {
    for (const auto demanded : {Cipher::aes_gcm, Cipher::chacha20})
        for (const bool here : {false, true})
            for (const bool there : {false, true})
                CHECK(choose_cipher(demanded, here, there) == demanded);
}

TEST_CASE("the other kind is offered too, behind the chosen one") {
    const auto aes = cipher_list(Cipher::aes_gcm);
    const auto chacha = cipher_list(Cipher::chacha20);
    CHECK(aes.starts_with("aes128-gcm@openssh.com,"));
    CHECK(chacha.starts_with("chacha20-poly1305@openssh.com,"));
    for (const auto* name : {"aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
                             "chacha20-poly1305@openssh.com", "aes256-ctr"}) {
        CHECK(aes.find(name) != std::string::npos);
        CHECK(chacha.find(name) != std::string::npos);
    }
}

TEST_CASE("a cipher is called auto, aes-gcm or chacha20") {
    CHECK(parse_cipher_setting("auto") == std::nullopt);
    CHECK(parse_cipher_setting("aes-gcm") == Cipher::aes_gcm);
    CHECK(parse_cipher_setting("chacha20") == Cipher::chacha20);
    for (const auto* text : {"", "aes", "AES-GCM", "3des-cbc", "none"}) {
        const auto failure = failure_of([&] { (void)parse_cipher_setting(text); });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(failure.hint() == "it is auto, aes-gcm or chacha20");
    }
}
