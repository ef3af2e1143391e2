#include "age_config.h"

namespace snapferry::send {

using std::chrono::seconds;

std::optional<seconds> read_max_age(const sys::ConfigTable& table,
                                    const std::optional<seconds>& otherwise) {
    const auto age = table.duration("max_age", seconds{1});
    const auto former = table.duration("stale_after", seconds{1});
    if (age && former) {
        table.complain("stale_after", "it is max_age by its former name: leave it out");
    }
    if (age || former) {
        return age ? age : former;
    }
    return otherwise;
}

std::optional<seconds> read_max_age_of_all(const sys::ConfigTable& root) {
    std::optional<seconds> age;
    if (const auto hooks = root.table("hooks")) {
        age = read_max_age(*hooks, age);
    }
    if (const auto defaults = root.table("defaults")) {
        age = read_max_age(*defaults, age);
    }
    return age;
}

}  // namespace snapferry::send
