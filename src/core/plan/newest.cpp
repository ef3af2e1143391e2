#include "snapferry/core/plan/newest.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

using std::chrono::sys_seconds;

constexpr auto yet_to_come = "the time in its name is yet to come; is this machine's clock right?";

/// One that is passed over. What is only out of order was brought here later, as a rule.
struct Candidate {
    std::string name;
    std::uint64_t number;
    std::string why;
    bool may_be_newest = true;
};

std::vector<LocalSnapshot> with_tag(std::span<const LocalSnapshot> snapshots,
                                    std::string_view source_tag) {
    std::vector<LocalSnapshot> found;
    std::copy_if(
        snapshots.begin(), snapshots.end(), std::back_inserter(found),
        [&](const LocalSnapshot& one) { return !one.pinned && one.name.has_tag(source_tag); });
    return found;
}

/// Nothing where what there is are such as are yet to come, beside others that have a time.
std::optional<LocalSnapshot> last_of(std::vector<LocalSnapshot> candidates, sys_seconds now) {
    const auto is_present = [&](const LocalSnapshot& one) {
        return !is_yet_to_come(one.named, now);
    };
    if (std::any_of(candidates.begin(), candidates.end(), is_present)) {
        std::erase_if(candidates, std::not_fn(is_present));
    }
    const auto last = std::max_element(candidates.begin(), candidates.end(), comes_before);
    return last == candidates.end() ? std::nullopt : std::optional(*last);
}

/// Why it is not the newest although it was made after that, or says so; empty where it did not.
std::string why_passed(const LocalSnapshot& one, const LocalSnapshot& newest, sys_seconds now) {
    if (is_yet_to_come(one.named, now) && comes_before(newest, one)) {
        return yet_to_come;
    }
    if (one.number <= newest.number) {
        return {};
    }
    if (!one.named && newest.named) {
        return fmt::format(
            "its name does not begin with a time, and those that do count as newer; "
            "\"{}...\" is such a beginning",
            "2021-08-17T07:00:01+00:00");
    }
    return one.named && newest.named
               ? fmt::format(
                     "it was made after {}, and by the time in its name it is older; was "
                     "the clock set back?",
                     escape_text(newest.name.text()))
               : std::string{};
}

bool is_newer(const UnfitSnapshot& one, const std::optional<LocalSnapshot>& newest) {
    return !newest || one.number > newest->number ||
           (one.named && newest->named && *one.named > *newest->named);
}

}  // namespace

bool comes_before(const LocalSnapshot& one, const LocalSnapshot& other) {
    const auto place = [](const LocalSnapshot& snapshot) {
        return std::tie(snapshot.named, snapshot.name);  // no time is before every time
    };
    return place(one) < place(other);
}

bool is_yet_to_come(const std::optional<sys_seconds>& named, sys_seconds now) {
    constexpr std::chrono::hours tolerance{24};
    return named && *named > now + tolerance;
}

NewestChoice choose_newest(std::span<const LocalSnapshot> snapshots,
                           std::span<const UnfitSnapshot> unfit, std::string_view source_tag,
                           sys_seconds now) {
    const auto candidates = with_tag(snapshots, source_tag);
    NewestChoice choice{last_of(candidates, now)};
    std::vector<Candidate> passed;
    std::uint64_t last_made = 0;
    for (const auto& one : candidates) {
        last_made = std::max(last_made, one.number);
        if (auto why = why_passed(one, *choice.newest, now); !why.empty()) {
            const bool is_out_of_order = one.named && comes_before(one, *choice.newest);
            passed.push_back({one.name.text(), one.number, std::move(why), !is_out_of_order});
        }
    }
    for (const auto& one : unfit) {
        if (carries_tag(one.name, source_tag)) {
            last_made = std::max(last_made, one.number);
            if (is_newer(one, choice.newest)) {
                passed.push_back({one.name, one.number, one.why});
            }
        }
    }
    std::sort(passed.begin(), passed.end(), [](const Candidate& one, const Candidate& other) {
        return std::tie(one.number, one.name) > std::tie(other.number, other.name);
    });
    for (auto& one : passed) {
        choice.passed_over.push_back({std::move(one.name), std::move(one.why),
                                      one.may_be_newest && one.number == last_made});
    }
    return choice;
}

std::optional<LocalSnapshot> newer_there(const LocalSnapshot& snapshot,
                                         std::span<const LocalSnapshot> known_there,
                                         sys_seconds now) {
    std::optional<LocalSnapshot> newer;
    for (const auto& there : known_there) {
        const auto sent_as_of = there.pinned ? there.stands_for : there.transid;
        if (comes_before(snapshot, there) && snapshot.made_in <= sent_as_of &&
            there.uuid != snapshot.uuid && !is_yet_to_come(there.named, now) &&
            (!newer || comes_before(*newer, there))) {
            newer = there;
        }
    }
    return newer;
}

}  // namespace snapferry
