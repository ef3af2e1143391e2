#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The line of authorized_keys that lets one key send to one tag, and the text with and without it.
/// All other lines stay as they are, byte for byte.
namespace snapferry::setup {

/// What there is, as it concerns one key and one tag.
struct KeyLook {
    enum class Kind {
        absent,          ///< neither the key nor another of the tag
        there,           ///< the very line
        outdated,        ///< the key is of this tag, and its line is another (another path, say)
        other_key,       ///< another key is of this tag
        other_tag,       ///< the key is of another tag: `tag`
        other_purpose,   ///< the key may do something else here, or anything
        not_understood,  ///< a line cannot be read
    };
    Kind kind = Kind::absent;
    std::size_t line = 0;               ///< the one that it is judged by, from 1; 0 where none is
    std::string tag;                    ///< of other_tag
    std::vector<std::string> replaced;  ///< of outdated and other_key: the lines
};

/// What a key line is to be.
struct KeyLineWish {
    std::string options;  ///< restrict,command="..."
    std::string key;      ///< "ssh-ed25519 AAAA... comment"
    std::string base64;   ///< of it
    std::string tag;
    std::string program;  ///< the path of snapshot-receive
};

KeyLook look_for_key(std::string_view text, const KeyLineWish& wish);

/// The lines whose keys send to the tag, by whichever path of snapshot-receive.
std::vector<std::string> key_lines_of(std::string_view text, std::string_view tag);

/// With the wished line at the end, and without what KeyLook calls `replaced`.
std::string with_key_line(std::string_view text, const KeyLineWish& wish);

std::string without_key_lines_of(std::string_view text, std::string_view tag);

/// Whether any line lets a key in.
bool has_keys(std::string_view text);

}  // namespace snapferry::setup
