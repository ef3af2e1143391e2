#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/ssh/keys/private_key.h"

using snapferry::ExitCode;
using snapferry::Failure;
using snapferry::ssh::KeyHandle;
using snapferry::ssh::load_private_key;

namespace {

using Permissions = std::filesystem::perms;

/// A directory that goes away with the test.
class KeyFolder {
  public:
    KeyFolder() {
        std::string name = std::filesystem::temp_directory_path() / "snapferry-keys-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~KeyFolder() { std::filesystem::remove_all(path_); }

    std::filesystem::path key(const char* passphrase) const {
        ssh_key raw = nullptr;
        REQUIRE(ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &raw) == SSH_OK);
        const KeyHandle made(raw);
        const auto file = path_ / "key";
        REQUIRE(ssh_pki_export_privkey_file(made.get(), passphrase, nullptr, nullptr,
                                            file.c_str()) == SSH_OK);
        std::filesystem::permissions(file, Permissions::owner_read | Permissions::owner_write);
        return file;
    }

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

std::string refusal(const std::filesystem::path& file) {
    try {
        load_private_key(file);
    } catch (const Failure& failure) {
        CHECK(failure.code() == ExitCode::configuration);
        return failure.what();
    }
    return "taken";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a key that only its owner can read is taken") {
    const KeyFolder folder;
    CHECK(load_private_key(folder.key(nullptr)) != nullptr);
}

TEST_CASE("a key that others can read is refused") {
    const KeyFolder folder;
    const auto file = folder.key(nullptr);
    std::filesystem::permissions(file, Permissions::group_read, std::filesystem::perm_options::add);
    CHECK(contains(refusal(file), "its mode 0640 lets others use it"));
}

TEST_CASE("an encrypted key is refused without a question") {
    const KeyFolder folder;
    CHECK(contains(refusal(folder.key("secret")), "it is encrypted"));
}

TEST_CASE("what is no private key is refused") {
    const KeyFolder folder;
    const auto file = folder.path() / "text";
    std::ofstream(file) << "ssh-ed25519 AAAA\n";
    std::filesystem::permissions(file, Permissions::owner_read);
    CHECK(contains(refusal(file), "no private key"));
    CHECK(contains(refusal(folder.path()), "not a regular file"));
    CHECK(contains(refusal(folder.path() / "absent"), "does not exist"));
}
