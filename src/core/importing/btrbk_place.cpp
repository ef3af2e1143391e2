#include "btrbk_place.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "snapferry/core/names/tag.h"

namespace snapferry::importing {
namespace {

constexpr std::string_view scheme = "ssh://";

bool is_digits(std::string_view text) {
    constexpr std::size_t longest_port = 5;
    return !text.empty() && text.size() <= longest_port &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string without_brackets(std::string_view host) {
    const bool has = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return std::string(has ? host.substr(1, host.size() - 2) : host);
}

std::optional<RemotePlace> of_url(std::string_view rest) {
    const auto slash = rest.find('/');
    auto host = rest.substr(0, slash);
    std::string_view port;
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && is_digits(host.substr(colon + 1))) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
    }
    if (slash == std::string_view::npos || host.empty()) {
        return std::nullopt;
    }
    return RemotePlace{without_brackets(host), std::string(port), path_in(rest.substr(slash), "")};
}

}  // namespace

std::optional<RemotePlace> remote_place(std::string_view place) {
    if (place.starts_with(scheme)) {
        return of_url(place.substr(scheme.size()));
    }
    const auto end = place.find(":/");
    if (place.starts_with('/') || end == std::string_view::npos || end == 0) {
        return std::nullopt;
    }
    return RemotePlace{without_brackets(place.substr(0, end)), "",
                       path_in(place.substr(end + 1), "")};
}

std::string path_in(std::string_view volume, std::string_view name) {
    const std::filesystem::path base(volume);
    auto path = (name.empty() || name == "." ? base : base / name).lexically_normal();
    if (!path.has_filename() && path.has_relative_path()) {
        path = path.parent_path();
    }
    return path.native();
}

std::string tag_like(std::string_view text) {
    constexpr std::size_t longest = 60;  // bytes: a number may follow
    std::string tag(text.substr(0, longest));
    std::replace_if(
        tag.begin(), tag.end(),
        [](char character) { return !Tag::is_tag(std::string_view(&character, 1)); }, '-');
    const auto begin = tag.find_first_not_of('-');
    return begin == std::string::npos ? "data" : tag.substr(begin);
}

}  // namespace snapferry::importing
