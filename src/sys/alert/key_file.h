#pragma once

#include <string>
#include <string_view>

#include "snapferry/core/names/job_identity.h"

namespace snapferry::sys {

/// A key may hold anything; its digest is a name for a file.
inline std::string key_file_name(const std::string& key, std::string_view ending) {
    return JobIdentity{key, {}, {}, 0, {}}.digest().append(ending);
}

}  // namespace snapferry::sys
