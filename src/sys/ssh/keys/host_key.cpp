#include "snapferry/sys/ssh/keys/host_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

#include "snapferry/core/ssh/known_hosts.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/ssh/keys/key.h"

namespace snapferry::ssh {
namespace {

std::string quoted_for_shell(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:%+,@~";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    std::string quoted = "'";
    for (const char character : word) {
        quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
    }
    return quoted + "'";
}

std::string file_text(const OfferedHostKey& offered) {
    return offered.known_hosts_file ? quoted_for_shell(offered.known_hosts_file->native())
                                    : "~/.ssh/known_hosts";
}

/// As ssh-keyscan -t and the names of sshd's key files have it.
std::string short_type(std::string_view type) {
    if (type.substr(0, 5) == "ecdsa") {
        return "ecdsa";
    }
    return std::string(type.substr(0, 4) == "ssh-" ? type.substr(4) : type);
}

std::string check_command(const OfferedHostKey& offered) {
    return fmt::format("ssh-keygen -lf /etc/ssh/ssh_host_{}_key.pub", short_type(offered.type));
}

/// Only the one type: the others' fingerprints were not compared.
std::string append_command(const OfferedHostKey& offered) {
    return fmt::format("ssh-keyscan -t {} -p {} {} >> {}", short_type(offered.type), offered.port,
                       quoted_for_shell(offered.host), file_text(offered));
}

std::string forget_command(const OfferedHostKey& offered) {
    const std::string name =
        offered.port == 22 ? offered.host : fmt::format("[{}]:{}", offered.host, offered.port);
    return fmt::format("ssh-keygen -R {} -f {}", quoted_for_shell(name), file_text(offered));
}

std::string trust_hint(const OfferedHostKey& offered) {
    return escape_text(fmt::format("if {} at the receiver prints this fingerprint, run: {}",
                                   check_command(offered), append_command(offered)));
}

std::string offer_text(const OfferedHostKey& offered) {
    return escape_text(fmt::format("{} port {} ({} {})", offered.host, offered.port, offered.type,
                                   offered.fingerprint));
}

Failure failure(const std::string& message, const std::string& hint) {
    return {ExitCode::host_key, message, hint};
}

KeyHandle shown_key(ssh_session session, const std::string& host, unsigned port) {
    ssh_key raw = nullptr;
    if (ssh_get_server_publickey(session, &raw) != SSH_OK) {
        throw failure(fmt::format("{} port {} showed no host key", escape_text(host), port), "");
    }
    return KeyHandle(raw);
}

/// The files that libssh looks into: the one given, or root's own and the system's.
std::vector<std::filesystem::path> known_hosts_files(
    const std::optional<std::filesystem::path>& known_hosts_file) {
    if (known_hosts_file) {
        return {*known_hosts_file};
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment
    const char* const home = std::getenv("HOME");
    return {std::filesystem::path(home == nullptr ? "/root" : home) / ".ssh/known_hosts",
            "/etc/ssh/ssh_known_hosts"};
}

bool is_revoked_in(const std::vector<std::filesystem::path>& files, const std::string& key) {
    constexpr std::size_t max_known_hosts = 16 * 1024 * 1024;  // bytes
    return std::any_of(files.begin(), files.end(), [&](const std::filesystem::path& file) {
        return is_revoked(sys::read_small_file(file, max_known_hosts).value_or(""), key);
    });
}

bool is_missing(const std::optional<std::filesystem::path>& file) {
    std::error_code ignored;
    return file && !std::filesystem::exists(*file, ignored);
}

}  // namespace

Failure unknown_host_key(const OfferedHostKey& offered) {
    return failure(fmt::format("the host key of {} is not in {}", offer_text(offered),
                               escape_text(file_text(offered))),
                   trust_hint(offered));
}

Failure known_hosts_missing(const OfferedHostKey& offered) {
    return failure(fmt::format("cannot check the host key of {}: {} does not exist",
                               offer_text(offered), escape_text(file_text(offered))),
                   trust_hint(offered));
}

Failure changed_host_key(const OfferedHostKey& offered) {
    return failure(
        fmt::format("the host key of {} is not the one in {}: the receiver was set up anew, or "
                    "another machine answers in its place",
                    offer_text(offered), escape_text(file_text(offered))),
        escape_text(fmt::format("only if {} at the receiver prints this fingerprint, run: {} && {}",
                                check_command(offered), forget_command(offered),
                                append_command(offered))));
}

Failure other_host_key_type(const OfferedHostKey& offered) {
    return failure(fmt::format("the host key of {} is of another type than those in {}",
                               offer_text(offered), escape_text(file_text(offered))),
                   trust_hint(offered));
}

Failure revoked_host_key(const OfferedHostKey& offered) {
    return failure(fmt::format("the host key of {} is revoked in {}", offer_text(offered),
                               escape_text(file_text(offered))),
                   "somebody took this key back: find out why before anything else");
}

void check_host_key(ssh_session session, const std::string& host, unsigned port,
                    const std::optional<std::filesystem::path>& known_hosts_file) {
    const auto key = shown_key(session, host, port);
    const OfferedHostKey offered{host, port, type_name(key), fingerprint(key), known_hosts_file};
    if (is_revoked_in(known_hosts_files(known_hosts_file), base64_text(key))) {
        throw revoked_host_key(offered);
    }
    const ssh_known_hosts_e found = ssh_session_is_known_server(session);
    if (found == SSH_KNOWN_HOSTS_OK) {
        return;
    }
    switch (found) {
        case SSH_KNOWN_HOSTS_CHANGED:
            throw changed_host_key(offered);
        case SSH_KNOWN_HOSTS_OTHER:
            throw other_host_key_type(offered);
        case SSH_KNOWN_HOSTS_UNKNOWN:
        case SSH_KNOWN_HOSTS_NOT_FOUND:
            throw is_missing(known_hosts_file) ? known_hosts_missing(offered)
                                               : unknown_host_key(offered);
        default:
            throw failure(fmt::format("cannot check the host key of {}: {}", offer_text(offered),
                                      escape_text(ssh_get_error(session))),
                          fmt::format("check that {} can be read", file_text(offered)));
    }
}

}  // namespace snapferry::ssh
