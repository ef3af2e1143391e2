#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What a sender has to know of the receiver that was set up for it. Only public data.
namespace snapferry::setup {

struct ReceiverFacts {
    std::string user;                    ///< whom the sender logs in as
    std::vector<unsigned> ports;         ///< of sshd
    std::vector<std::string> host_keys;  ///< "ssh-ed25519 AAAA...", those that sshd shows
    std::string target_dir;              ///< empty where there is none yet
    std::string program;                 ///< the path of snapshot-receive
    std::string host_name;               ///< as the machine calls itself

    bool operator==(const ReceiverFacts&) const = default;
};

/// One line of JSON, without the line feed.
std::string to_json(const ReceiverFacts& facts);

/// Throws Failure (protocol) where the line is something else: where a name is no user's, a host
/// key none, a path not absolute, or there is too much of anything.
ReceiverFacts receiver_facts_from_json(std::string_view line);

/// "snapferry setup sender HOST --tag TAG ...": to be run at the sender.
std::string sender_command(const ReceiverFacts& facts, const std::string& tag);

}  // namespace snapferry::setup
