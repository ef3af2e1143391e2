#include "../json_text.h"
#include "file_text.h"
#include "snapferry/admin/past/past_text.h"

namespace snapferry::admin {
namespace {

Json seen_json(const past::Seen& seen) {
    const auto time = time_iso(seen.modified);
    return {{"kind", kind_text(seen.kind)},
            {"size", seen.kind == manifest::Kind::file ? Json(seen.size) : Json(nullptr)},
            {"modified", time ? Json(*time) : Json(nullptr)}};
}

Json with_span(Json object, std::size_t backups, const std::string& first,
               const std::string& last) {
    object["backups"] = backups;
    object["first"] = first;
    object["last"] = last;
    return object;
}

}  // namespace

std::string versions_json(const std::string& tag, const std::string& path,
                          const std::vector<past::Version>& versions, std::size_t backups) {
    auto list = Json::array();
    for (const auto& version : versions) {
        auto object = version.seen ? seen_json(*version.seen) : Json::object();
        object["there"] = version.seen.has_value();
        list.push_back(with_span(std::move(object), version.backups, version.first, version.last));
    }
    return text_of(
        {{"tag", tag}, {"path", path}, {"backups", backups}, {"versions", std::move(list)}});
}

std::string finds_json(const std::string& tag, const std::vector<past::Find>& finds,
                       std::size_t backups) {
    auto list = Json::array();
    for (const auto& find : finds) {
        auto object = seen_json(find.newest);
        object["path"] = find.path;
        list.push_back(with_span(std::move(object), find.backups, find.first, find.last));
    }
    return text_of({{"tag", tag}, {"backups", backups}, {"found", std::move(list)}});
}

std::string changes_json(const std::string& tag, const std::string& before,
                         const std::string& after, const past::Changes& changes) {
    auto changed = Json::array();
    for (const auto& one : changes.changed) {
        changed.push_back({{"path", one.path}, {"what", names_of(one.aspects)}});
    }
    auto renamed = Json::array();
    for (const auto& [from, to] : changes.renamed) {
        renamed.push_back({{"from", from}, {"to", to}});
    }
    return text_of({{"tag", tag},
                    {"before", before},
                    {"after", after},
                    {"added", changes.added},
                    {"deleted", changes.deleted},
                    {"changed", std::move(changed)},
                    {"renamed", std::move(renamed)}});
}

}  // namespace snapferry::admin
