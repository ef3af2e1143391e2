#include "snapferry/core/alert/trouble_book.h"

#include <nlohmann/json.hpp>

#include "snapferry/core/time/milliseconds.h"

namespace snapferry::alert {
namespace {

using nlohmann::json;

constexpr std::chrono::hours forgotten_after{90 * 24};

json json_of(const TroubleMemory& memory) {
    json entry{{"since", number_of(memory.since)},
               {"told", number_of(memory.told)},
               {"seen", number_of(memory.seen)},
               {"told_over", memory.told_over},
               {"came_back", memory.came_back}};
    if (memory.over_since) {
        entry["over_since"] = number_of(*memory.over_since);
    }
    return entry;
}

/// Throws a json::exception where it is not one.
TroubleMemory memory_in(const json& entry) {
    TroubleMemory memory;
    memory.since = time_of(entry.at("since").get<std::int64_t>());
    memory.told = time_of(entry.at("told").get<std::int64_t>());
    memory.seen = time_of(entry.at("seen").get<std::int64_t>());
    if (const auto over = entry.find("over_since"); over != entry.end()) {
        memory.over_since = time_of(over->get<std::int64_t>());
    }
    memory.told_over = memory.over_since && entry.at("told_over").get<bool>();
    memory.came_back = entry.at("came_back").get<bool>();
    return memory;
}

}  // namespace

std::string text_of(const TroubleBook& book, WallTime now) {
    json troubles = json::object();
    for (const auto& [key, memory] : book.troubles) {
        if (now - memory.seen < forgotten_after) {
            troubles[key] = json_of(memory);
        }
    }
    json document{{"version", 1}, {"troubles", troubles}};
    if (book.month) {
        document["month"] = *book.month;
    }
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

TroubleBook parse_trouble_book(std::string_view text) {
    TroubleBook book;
    const auto document = json::parse(text, nullptr, false);
    if (!document.is_object()) {
        return book;
    }
    if (const auto month = document.find("month");
        month != document.end() && month->is_number_integer()) {
        book.month = month->get<std::int64_t>();
    }
    const auto troubles = document.find("troubles");
    if (troubles == document.end() || !troubles->is_object()) {
        return book;
    }
    for (const auto& [key, entry] : troubles->items()) {
        try {
            book.troubles.emplace(key, memory_in(entry));
        } catch (const json::exception&) {  // NOLINT(bugprone-empty-catch): it is told once more
        }
    }
    return book;
}

}  // namespace snapferry::alert
