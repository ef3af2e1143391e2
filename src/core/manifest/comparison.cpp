#include "snapferry/core/manifest/comparison.h"

namespace snapferry::manifest {

void Comparison::run(const Next& expected, const Next& found) {
    auto should_be = expected();
    auto is = found();
    while (should_be || is) {
        if (!is || (should_be && stands_before(should_be->path, is->path))) {
            tell({should_be->path, {Aspect::missing}});
            should_be = expected();
        } else if (!should_be || stands_before(is->path, should_be->path)) {
            tell({is->path, {Aspect::extra}});
            is = found();
        } else {
            compare(*should_be, *is);
            should_be = expected();
            is = found();
        }
    }
}

void Comparison::tell(const Difference& difference) {
    ++differences_;
    tell_(difference);
}

void Comparison::compare(const Entry& expected, const Entry& found) {
    ++compared_;
    auto known = found;
    if (expected.path.empty()) {
        known.modified = expected.modified;
    }
    auto differs = difference(expected, known);
    if (expected.group && found.group && !is_same_group(*expected.group, *found.group)) {
        differs = differs.value_or(Difference{expected.path, {}});
        differs->aspects.push_back(Aspect::links);
    }
    if (differs) {
        tell(*differs);
    }
}

bool Comparison::is_same_group(std::uint64_t expected, std::uint64_t found) {
    return found_of_.emplace(expected, found).first->second == found &&
           expected_of_.emplace(found, expected).first->second == expected;
}

}  // namespace snapferry::manifest
