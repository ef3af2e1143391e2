#include "snapferry/core/proof/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::proof {
namespace {

std::string first_of(const std::vector<std::string>& first) {
    return first.empty() ? "" : fmt::format(", the first {}", first.front());
}

void judge_copies(const Tag& tag, const Book& book, const std::map<Uuid, std::string>& names,
                  std::vector<Finding>& findings) {
    for (const auto& [copy, name] : names) {
        const auto found = book.copies.find(copy);
        if (found == book.copies.end()) {
            continue;
        }
        const auto& proof = found->second;
        const auto backup = fmt::format("{}: {}", tag.text(), escape_text(name));
        if (const auto& differs = proof.differs) {
            findings.push_back(
                {CheckState::critical,
                 fmt::format("{} is not what was sent: {} entries differ{}; what to do is in "
                             "operations.md, \"Proving a backup\"",
                             backup, differs->differences, first_of(differs->first))});
        } else if (proof.last && proof.last->outcome == Outcome::cannot_say) {
            findings.push_back(
                {CheckState::warning,
                 fmt::format(
                     "{} could not be verified: {}", backup,
                     proof.last->first.empty() ? "nobody knows why" : proof.last->first.front())});
        }
    }
}

void judge_age(const Tag& tag, const Book& book, std::chrono::seconds limit, const When& now,
               std::vector<Finding>& findings) {
    if (!book.last_well) {
        findings.push_back(
            {CheckState::warning, fmt::format("{}: none of the backups was ever verified; sudo "
                                              "snapferry verify {} --newest",
                                              tag.text(), tag.text())});
        return;
    }
    const auto age = age_of(*book.last_well, now);
    const bool late = age > limit;
    const PerformanceValue value{tag.text() + "_verify_age", static_cast<double>(age.count()), "s",
                                 static_cast<double>(limit.count())};
    findings.push_back({late ? CheckState::warning : CheckState::ok,
                        fmt::format("{}: last verified {} ago{}", tag.text(), duration_text(age),
                                    late ? "; does the timer of snapferry-verify run?" : ""),
                        {value}});
}

void judge_drill(const Tag& tag, const Drill& drill, const When& now,
                 std::vector<Finding>& findings) {
    const auto when =
        fmt::format("{}: the drill of {} ago", tag.text(), duration_text(age_of(drill.when, now)));
    if (drill.outcome == Outcome::well) {
        findings.push_back(
            {CheckState::ok, fmt::format("{} got {} files back whole", when, drill.files)});
    } else {
        findings.push_back(
            {drill.outcome == Outcome::differs ? CheckState::critical : CheckState::warning,
             fmt::format("{} of {} went wrong{}", when, escape_text(drill.backup),
                         first_of(drill.first))});
    }
}

}  // namespace

std::vector<Finding> judge(const Tag& tag, const Book& book,
                           const std::map<Uuid, std::string>& names,
                           const std::optional<std::chrono::seconds>& max_age, const When& now) {
    if (!book.is_sound) {
        return {{CheckState::warning,
                 fmt::format("{}: what was remembered of verifications is not as it was written; "
                             "the next snapferry verify begins anew",
                             tag.text())}};
    }
    std::vector<Finding> findings;
    judge_copies(tag, book, names, findings);
    if (max_age) {
        judge_age(tag, book, *max_age, now, findings);
    }
    if (book.drill) {
        judge_drill(tag, *book.drill, now, findings);
    }
    return findings;
}

}  // namespace snapferry::proof
