#include "snapferry/sys/tree/attributes.h"

#include <fmt/format.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "snapferry/core/text/split.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

void update_with_length(manifest::Sha256& digest, std::string_view bytes) {
    std::array<std::byte, 4> length{};
    for (std::size_t place = 0; place < length.size(); ++place) {
        length.at(place) = static_cast<std::byte>(bytes.size() >> (8 * place));
    }
    digest.update(length);
    digest.update(std::as_bytes(std::span(bytes)));
}

/// What a call like listxattr(2) or getxattr(2) gives, which first says how long it is. Nothing
/// where it fails, and errno is set.
template <typename Call>
std::optional<std::string> value_of(const Call& call) {
    for (;;) {
        const auto size = call(nullptr, 0);
        if (size <= 0) {
            return size == 0 ? std::optional(std::string()) : std::nullopt;
        }
        std::string value(static_cast<std::size_t>(size), '\0');
        const auto got = call(value.data(), value.size());
        if (got >= 0) {
            value.resize(static_cast<std::size_t>(got));
            return value;
        }
        if (errno != ERANGE) {  // it has grown meanwhile
            return std::nullopt;
        }
    }
}

using List = ssize_t (*)(const char* path, char* into, std::size_t size);
using Get = ssize_t (*)(const char* path, const char* name, void* into, std::size_t size);

Attributes read(const std::string& path, List list_of, Get get, ExitCode code,
                const std::string& shown) {
    auto list =
        value_of([&](char* into, std::size_t size) { return list_of(path.c_str(), into, size); });
    if (!list) {
        if (errno == EOPNOTSUPP) {
            return {};
        }
        throw system_failure(code, "list the attributes of " + shown);
    }
    if (list->ends_with('\0')) {
        list->pop_back();
    }
    Attributes attributes;
    for (const auto name : split(*list, '\0')) {
        const std::string attribute(name);
        if (attribute.empty()) {
            continue;
        }
        auto value = value_of([&](char* into, std::size_t size) {
            return get(path.c_str(), attribute.c_str(), into, size);
        });
        if (!value) {
            throw system_failure(code, "read an attribute of " + shown);
        }
        attributes.emplace(attribute, std::move(*value));
    }
    return attributes;
}

}  // namespace

/// By way of /proc, for there are no calls that take a directory and a name.
Attributes read_attributes(int directory, const std::string& name, ExitCode code,
                           const std::string& shown) {
    return read(fmt::format("/proc/self/fd/{}/{}", directory, name), ::llistxattr, ::lgetxattr,
                code, shown);
}

Attributes read_attributes(int file, ExitCode code, const std::string& shown) {
    return read(fmt::format("/proc/self/fd/{}", file), ::listxattr, ::getxattr, code, shown);
}

std::optional<manifest::Digest> digest_of(const Attributes& attributes) {
    if (attributes.empty()) {
        return std::nullopt;
    }
    manifest::Sha256 digest;
    for (const auto& [name, value] : attributes) {
        update_with_length(digest, name);
        update_with_length(digest, value);
    }
    return digest.take();
}

}  // namespace snapferry::sys
