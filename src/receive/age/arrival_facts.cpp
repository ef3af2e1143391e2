#include "snapferry/receive/age/arrival_facts.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace snapferry::receive {
namespace {

using nlohmann::json;

constexpr std::int64_t farthest = 1'000'000'000'000;  // seconds; 30 thousand years
constexpr std::int64_t longest_offset = 48L * 3600;   // seconds

std::optional<std::int64_t> signed_in(const json& object, const char* key, std::int64_t most) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) {
        return std::nullopt;
    }
    const auto value = found->get<std::int64_t>();
    return value >= -most && value <= most ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned()
               ? std::optional(found->get<std::uint64_t>())
               : std::nullopt;
}

std::optional<PeriodIds> periods_in(const json& object) {
    const auto found = object.find("periods");
    PeriodIds ids{};
    if (found == object.end() || !found->is_array() || found->size() != ids.size()) {
        return std::nullopt;
    }
    for (std::size_t index = 0; index < ids.size(); ++index) {
        const auto& id = found->at(index);
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() == 0 ||
            id.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max() / 2) {
            return std::nullopt;
        }
        ids.at(index) = id.get<std::uint32_t>();
    }
    return ids;
}

template <typename Value>
void add(json& object, const char* key, const std::optional<Value>& value) {
    if (value) {
        object[key] = *value;
    }
}

}  // namespace

json json_of(const stream::ChangeCount& changes) {
    return {changes.made, changes.deleted, changes.renamed, changes.rewritten, changes.names};
}

std::optional<stream::ChangeCount> changes_in(const json& list) {
    constexpr std::size_t parts = 5;
    if (!list.is_array() || list.size() != parts ||
        !std::all_of(list.begin(), list.end(),
                     [](const json& one) { return one.is_number_integer(); }) ||
        !std::all_of(list.begin(), list.end() - 1,
                     [](const json& one) { return one.is_number_unsigned(); })) {
        return std::nullopt;
    }
    return stream::ChangeCount{list[0].get<std::uint64_t>(), list[1].get<std::uint64_t>(),
                               list[2].get<std::uint64_t>(), list[3].get<std::uint64_t>(),
                               list[4].get<std::int64_t>()};
}

json facts_of(const Arrival& arrival) {
    json object{{"at", arrival.when.at.time_since_epoch().count()},
                {"offset", arrival.when.offset.count()},
                {"periods", arrival.periods}};
    add(object, "bytes", arrival.bytes);
    object["full"] = arrival.full;
    add(object, "files", arrival.files);
    if (arrival.changes) {
        object["changes"] = json_of(*arrival.changes);
    }
    if (arrival.origin) {
        object["from"] = arrival.origin->copy.text();
        object["order"] = arrival.origin->order;
    }
    return object;
}

void read_facts(const json& object, Arrival& arrival) {
    if (!object.is_object()) {
        return;
    }
    const auto at = signed_in(object, "at", farthest);
    const auto offset = signed_in(object, "offset", longest_offset);
    if (at && offset) {
        arrival.when = {std::chrono::sys_seconds(std::chrono::seconds(*at)),
                        std::chrono::seconds(*offset)};
        arrival.periods = periods_in(object).value_or(PeriodIds{});
    }
    arrival.bytes = number_in(object, "bytes");
    const auto full = object.find("full");
    arrival.full = full != object.end() && full->is_boolean() && full->get<bool>();
    arrival.files = number_in(object, "files");
    if (const auto changes = object.find("changes"); changes != object.end()) {
        arrival.changes = changes_in(*changes);
    }
    const auto from = object.find("from");
    const auto order = number_in(object, "order");
    if (from != object.end() && from->is_string() && order) {
        if (const auto copy = Uuid::parse(from->get<std::string>())) {
            arrival.origin = ArrivalOrigin{*copy, *order};
        }
    }
}

}  // namespace snapferry::receive
