#include "snapferry/core/disk/progs_version.h"

#include <charconv>

namespace snapferry {
namespace {

constexpr ProgsVersion first_with_v2{6, 0, 2};
constexpr ProgsVersion first_with_compressed_data{6, 2, 0};

/// Takes a number off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// The number behind a dot, 0 where there is none.
unsigned take_part(std::string_view& text) {
    if (!text.starts_with('.')) {
        return 0;
    }
    text.remove_prefix(1);
    return take_number(text).value_or(0);
}

}  // namespace

std::optional<ProgsVersion> parse_progs_version(std::string_view said) {
    constexpr std::string_view before = "btrfs-progs v";
    if (!said.starts_with(before)) {
        return std::nullopt;
    }
    said.remove_prefix(before.size());
    const auto release = take_number(said);
    if (!release) {
        return std::nullopt;
    }
    ProgsVersion version{*release};
    version.update = take_part(said);
    version.patch = take_part(said);
    return version;
}

stream::Form newest_form_of(const ProgsVersion& version) {
    if (version >= first_with_compressed_data) {
        return stream::Form::v2_compressed;
    }
    return version >= first_with_v2 ? stream::Form::v2 : stream::Form::v1;
}

}  // namespace snapferry
