#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/names/tag.h"

/// What somebody wants of `snapferry setup receiver`, at the machine or from another one.
namespace snapferry::setup {

/// A disk to be made empty. Nothing is erased before `typed` is what erasing_words() of that disk
/// says: a person has typed it.
struct FormatWish {
    std::string device;
    std::string typed;

    bool operator==(const FormatWish&) const = default;
};

struct ReceiverWishes {
    explicit ReceiverWishes(Tag of) : tag(std::move(of)) {}

    Tag tag;
    std::string user = "backups";
    std::optional<std::string> key;   ///< the sender's public key: "ssh-ed25519 AAAA... comment"
    bool replace_key = false;         ///< in the place of another key of this tag
    std::optional<std::string> disk;  ///< a device, or a directory on a mounted btrfs
    std::optional<FormatWish> format;
    std::optional<std::string> keep;  ///< "7 14d 8w 12m"
    bool enable_ssh = false;

    bool operator==(const ReceiverWishes&) const = default;
};

/// One line of JSON, without the line feed.
std::string to_json(const ReceiverWishes& wishes);

/// Throws Failure (protocol; bad_tag) where the line is something else.
ReceiverWishes receiver_wishes_from_json(std::string_view line);

/// Throws Failure (configuration) for what cannot be wished: a name that is no user's, a key that
/// is none, words for `keep` that are not.
void require_sensible(const ReceiverWishes& wishes);

}  // namespace snapferry::setup
