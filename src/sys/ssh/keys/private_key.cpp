#include "snapferry/sys/ssh/keys/private_key.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::ssh {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why,
                       const std::string& hint) {
    throw Failure(ExitCode::configuration,
                  fmt::format("cannot use the SSH key {}: {}", escape_text(file.native()), why),
                  hint);
}

void check_file(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        fail(file, errno == ENOENT ? "it does not exist" : sys::error_text(errno),
             "check the path, or make a key: ssh-keygen -t ed25519 -N '' -f FILE");
    }
    if (!S_ISREG(status.st_mode)) {
        fail(file, "it is not a regular file", "name the file that holds the private key");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        fail(file, fmt::format("its mode {:04o} lets others use it", status.st_mode & 07777U),
             fmt::format("run: chmod 600 {}", escape_text(file.native())));
    }
}

/// libssh asks only where the key is encrypted. Without an answer of ours OpenSSL would ask the
/// terminal for it.
int note_passphrase_question(const char* /*prompt*/, char* /*into*/, std::size_t /*size*/,
                             int /*echo*/, int /*verify*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

KeyHandle load_private_key(const std::filesystem::path& file) {
    check_file(file);
    bool asked = false;
    ssh_key key = nullptr;
    const int result =
        ssh_pki_import_privkey_file(file.c_str(), nullptr, note_passphrase_question, &asked, &key);
    KeyHandle handle(key);
    if (asked) {
        fail(file, "it is encrypted, and nobody is there to type its passphrase",
             "make a key of its own for backups without a passphrase: "
             "ssh-keygen -t ed25519 -N '' -f FILE");
    }
    if (result != SSH_OK || handle == nullptr) {
        fail(file, "it holds no private key that libssh can read",
             "name the private key, not the .pub file beside it");
    }
    return handle;
}

}  // namespace snapferry::ssh
