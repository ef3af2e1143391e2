#include "snapferry/core/proof/book.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/duration_text.h"

namespace snapferry::proof {
namespace {

std::string ago(const Verification& verification, const When& now) {
    return duration_text(age_of(verification.when, now)) + " ago";
}

std::string first_of(const Verification& verification) {
    return verification.first.empty() ? "" : fmt::format(" ({})", verification.first.front());
}

}  // namespace

void note(Book& book, const Uuid& copy, const Verification& verification) {
    auto& proof = book.copies[copy];
    const auto& part = verification.part;
    proof.last = verification;
    if (verification.outcome == Outcome::differs) {
        proof.differs = verification;
    }
    if (verification.outcome == Outcome::well) {
        book.last_well = verification.when;
    }
    if (verification.outcome == Outcome::well && part.is_whole()) {
        proof.whole = verification;
        proof.differs.reset();
    }
    if (verification.outcome != Outcome::cannot_say && !part.is_whole()) {
        if (book.parts.of != part.of) {
            book.parts = {part.of, {}};
        }
        book.parts.when[part.number] = verification.when.counted;
    }
}

void keep_only(Book& book, const std::set<Uuid>& copies) {
    std::erase_if(book.copies, [&](const auto& one) { return !copies.contains(one.first); });
}

/// The counted clock may have begun anew since, and the wall clock may have been set.
std::chrono::seconds age_of(const When& when, const When& now) {
    const auto counted = std::chrono::floor<std::chrono::seconds>(now.counted - when.counted);
    return std::max({counted, now.wall - when.wall, std::chrono::seconds{0}});
}

std::string state_text(const CopyProof& proof, bool has_manifest, const When& now) {
    if (proof.differs) {
        return fmt::format("DIFFERS: {} entries, as seen {}{}", proof.differs->differences,
                           ago(*proof.differs, now), first_of(*proof.differs));
    }
    if (!has_manifest) {
        return "has no manifest to be verified by";
    }
    if (!proof.last) {
        return "never verified";
    }
    std::string text;
    if (proof.last->outcome == Outcome::cannot_say) {
        text =
            fmt::format("could not be verified {}{}", ago(*proof.last, now), first_of(*proof.last));
    } else if (!proof.last->part.is_whole()) {
        text = fmt::format("{} verified {}", part_text(proof.last->part), ago(*proof.last, now));
    }
    if (proof.whole) {
        text += fmt::format("{}verified {}", text.empty() ? "" : "; all of it ",
                            ago(*proof.whole, now));
    }
    return text;
}

}  // namespace snapferry::proof
