#include "snapferry/receive/stream/legacy_of_root.h"

#include <sys/xattr.h>

#include <cerrno>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {

stream::Xattrs legacy_of_root(const std::filesystem::path& directory) {
    constexpr std::size_t most = 64 * 1024;  // bytes; XATTR_SIZE_MAX
    stream::Xattrs found;
    for (const auto& name : stream::RootLegacy::names()) {
        std::vector<std::byte> value(most);
        const auto size = ::lgetxattr(directory.c_str(), name.c_str(), value.data(), value.size());
        if (size >= 0) {
            value.resize(static_cast<std::size_t>(size));
            found.emplace(name, std::move(value));
        } else if (errno != ENODATA && errno != EOPNOTSUPP) {
            throw sys::system_failure(ExitCode::receiving, "read the extended attributes of " +
                                                               escape_text(directory.native()));
        }
    }
    return found;
}

}  // namespace snapferry::receive
