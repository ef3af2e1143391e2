#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace snapferry {

/// What makes a job this job and no other: which series of snapshots goes where. It is compared
/// whole. What a job is called is a label, which may change, and which two jobs may share.
struct JobIdentity {
    std::string snapshot_dir;  ///< absolute, without anything superfluous in it
    std::string source_tag;
    std::string host;   ///< in lower case; "local:" and a path for a receiver on the same machine
    unsigned port = 0;  ///< none where the receiver is on the same machine
    std::string dest_tag;

    static constexpr std::string_view local_prefix = "local:";

    /// The one place where they are made, so that one job is written in one way: "/data//snaps/" is
    /// "/data/snaps", and "Pi.lan." is "pi.lan".
    static JobIdentity of(const std::string& snapshot_dir, const std::string& source_tag,
                          const std::string& host, unsigned port, const std::string& dest_tag);

    /// Nothing is known of it, as of what an earlier version has written.
    [[nodiscard]] bool is_known() const { return !snapshot_dir.empty(); }

    /// Both send into one tag of one receiver, where they would prune each other.
    [[nodiscard]] bool shares_tag_with(const JobIdentity& other) const;

    /// "pi.lan:22", "local:/etc/snapferry/receive.toml"
    [[nodiscard]] std::string address() const;

    /// 32 hexadecimal digits of the whole.
    [[nodiscard]] std::string digest() const;

    /// "home.0123456789abcdef0123456789abcdef": the tag for a person, the digest for the rest. No
    /// tag has a dot in it.
    [[nodiscard]] std::string file_name() const;

    friend auto operator<=>(const JobIdentity&, const JobIdentity&) = default;
};

}  // namespace snapferry
