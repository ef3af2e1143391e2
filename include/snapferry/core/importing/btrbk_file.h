#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The configuration of btrbk, btrbk.conf(5), as far as it is looked at here.
namespace snapferry::importing {

struct BtrbkOption {
    std::string value;
    std::size_t line = 0;
};

/// By name. What stands last counts.
using BtrbkOptions = std::map<std::string, BtrbkOption>;

struct BtrbkTarget {
    std::string type;  ///< "send-receive", "raw"
    std::string place;
    std::size_t line = 0;
    BtrbkOptions options{};
};

struct BtrbkSubvolume {
    std::string name;
    std::size_t line = 0;
    BtrbkOptions options{};
    std::vector<BtrbkTarget> targets{};
};

struct BtrbkVolume {
    std::string place;  ///< empty: the subvolumes have absolute paths
    std::size_t line = 0;
    BtrbkOptions options{};
    std::vector<BtrbkTarget> targets{};
    std::vector<BtrbkSubvolume> subvolumes{};
};

/// Something about one line, for a person.
struct LineNote {
    std::size_t line = 0;
    std::string text;
};

struct BtrbkFile {
    BtrbkOptions options;
    std::vector<BtrbkTarget> targets;
    std::vector<BtrbkVolume> volumes;
    std::vector<LineNote> not_understood;
};

/// Any bytes: what is no line of such a file is in `not_understood`.
BtrbkFile parse_btrbk(std::string_view text);

}  // namespace snapferry::importing
