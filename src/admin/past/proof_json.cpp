#include "snapferry/admin/past/proof_json.h"

#include "../json_text.h"

namespace snapferry::admin {
namespace {

Json differing_json(const proof::Differing& differing) {
    const auto& path = differing.difference.path;
    return {{"path", path.empty() ? "." : path},
            {"differs", names_of(differing.difference.aspects)},
            {"why", differing.why.empty() ? Json(nullptr) : Json(differing.why)}};
}

Json result_json(const proof::Result& result) {
    auto first = Json::array();
    for (const auto& differing : result.first) {
        first.push_back(differing_json(differing));
    }
    return {{"tag", result.tag},
            {"name", result.name},
            {"copy", result.copy.empty() ? Json(nullptr) : Json(result.copy)},
            {"outcome", proof::name_of(result.outcome)},
            {"why", result.why.empty() ? Json(nullptr) : Json(result.why)},
            {"part", result.part.number},
            {"of", result.part.of},
            {"entries", result.entries},
            {"bytes", result.bytes},
            {"seconds", result.took.count()},
            {"differences", result.differences},
            {"first", std::move(first)}};
}

}  // namespace

std::string proof_results_json(std::span<const proof::Result> results) {
    auto list = Json::array();
    for (const auto& result : results) {
        list.push_back(result_json(result));
    }
    return text_of({{"backups", std::move(list)}});
}

}  // namespace snapferry::admin
