#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an authorized_keys file lets its keys do.
/// Source: sshd(8), AUTHORIZED_KEYS FILE FORMAT.
namespace snapferry {

/// A line with a key.
struct KeyLine {
    std::size_t number = 0;              ///< in the file, from 1
    std::optional<std::string> command;  ///< the forced command; without one the key has a shell
    bool restricted = false;             ///< nothing else is allowed: "restrict", or each by itself
    std::vector<std::string> allowed;    ///< what is allowed again behind "restrict", and the like
    bool understood = true;              ///< false where its options could not be read
    std::string key{};                     ///< its base64 text; empty where it is not understood
};

/// The lines with keys; comments and empty ones are none.
std::vector<KeyLine> parse_authorized_keys(std::string_view text);

/// What a forced command does.
struct ForcedCommand {
    enum class Kind {
        receives,        ///< snapshot-receive with one tag, and nothing else
        client_decides,  ///< the client's own words decide (SSH_ORIGINAL_COMMAND)
        other,
    };
    Kind kind = Kind::other;
    std::string program;  ///< of one that receives: the path of snapshot-receive
    std::string tag;
    bool by_sudo = false;
};

ForcedCommand parse_forced_command(std::string_view command);

}  // namespace snapferry
