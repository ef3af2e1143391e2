#include "snapferry/core/restore/overwrite.h"

#include <utility>

namespace snapferry::restore {
namespace {

using manifest::Aspect;
using manifest::Kind;

std::vector<Aspect> differences(const manifest::Entry& wanted, const There& there) {
    auto known = there.entry;
    known.contents = wanted.contents;
    known.group = wanted.group;
    auto differs = manifest::difference(wanted, known);
    auto aspects = differs ? std::move(differs->aspects) : std::vector<Aspect>{};
    if (there.apart && (aspects.empty() || aspects.front() != Aspect::kind)) {
        aspects.push_back(Aspect::links);
    }
    return aspects;
}

Decision decide_on_directory(Overwrite overwrite, const There& there, std::vector<Aspect> differs) {
    const bool ours = there.unfinished || overwrite != Overwrite::never;
    return {ours ? Action::dress : Action::merge, std::move(differs)};
}

}  // namespace

std::optional<Overwrite> parse_overwrite(std::string_view word) {
    if (word == "never") {
        return Overwrite::never;
    }
    if (word == "changed") {
        return Overwrite::changed;
    }
    return word == "always" ? std::optional(Overwrite::always) : std::nullopt;
}

Decision decide(Overwrite overwrite, const manifest::Entry& wanted,
                const std::optional<There>& there) {
    if (!there) {
        return {Action::make, {}};
    }
    const bool is_directory = there->entry.kind == Kind::directory;
    if (is_directory != (wanted.kind == Kind::directory)) {
        return {Action::refuse, {Aspect::kind}};
    }
    auto differs = differences(wanted, *there);
    if (is_directory) {
        return decide_on_directory(overwrite, *there, std::move(differs));
    }
    if (overwrite == Overwrite::always) {
        return {Action::replace, std::move(differs)};
    }
    if (differs.empty()) {
        return {Action::keep, {}};
    }
    return {overwrite == Overwrite::changed ? Action::replace : Action::leave, std::move(differs)};
}

}  // namespace snapferry::restore
