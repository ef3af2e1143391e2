#include "snapferry/core/setup/sender/sender_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/core/names/tag.h"

namespace snapferry::setup {
namespace {

constexpr std::string_view of_addresses = "0123456789.:%[]";

bool is_address(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           host.find_first_not_of(of_addresses) == std::string_view::npos;
}

std::string free_name(const std::string& wanted, const std::set<std::string>& taken) {
    auto name = wanted;
    for (int number = 2; taken.contains(name); ++number) {
        name = fmt::format("{}-{}", wanted, number);
    }
    return name;
}

/// Of the directory that snapshots lie in, those that say nothing of what they are of.
bool says_nothing(std::string_view name) {
    constexpr std::array<std::string_view, 5> plain{"snapshots", "snapshot", "snaps", "snap",
                                                    "btrfs"};
    return std::find(plain.begin(), plain.end(), name) != plain.end();
}

}  // namespace

std::string receiver_name_for(std::string_view host, const std::set<std::string>& taken) {
    const std::string first(host.substr(0, host.find('.')));
    return free_name(is_address(host) || !Tag::is_tag(first) ? "pi" : first, taken);
}

std::string job_name_for(const std::string& tag, const std::string& receiver,
                         const std::set<std::string>& taken) {
    return taken.contains(tag) ? free_name(fmt::format("{}-{}", tag, receiver), taken) : tag;
}

std::string tag_for(std::string_view directory, std::string_view source_tag) {
    while (directory.size() > 1) {
        const auto slash = directory.rfind('/');
        auto name = directory.substr(slash + 1);
        name = name.substr(std::min(name.find_first_not_of('.'), name.size()));
        if (Tag::is_tag(name) && !says_nothing(name)) {
            return std::string(name);
        }
        directory = directory.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return Tag::is_tag(source_tag) ? std::string(source_tag) : std::string{};
}

}  // namespace snapferry::setup
