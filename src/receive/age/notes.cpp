#include "snapferry/receive/age/notes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/receive/age/arrival_facts.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::uint64_t format_version = 1;
constexpr std::size_t max_clock = 4096;                   // bytes; it takes about 200
constexpr std::size_t max_arrivals = 16UL * 1024 * 1024;  // bytes; a backup takes about 60
constexpr std::int64_t max_time = 1'000'000'000'000'000;  // ms; 30 thousand years
constexpr std::string_view not_sound = "it is not as it was written";

[[noreturn]] void refuse() {
    throw Failure(ExitCode::receiving, std::string(not_sound));
}

json parsed(const std::string& text) {
    auto object = json::parse(text, nullptr, false);
    if (!object.is_object() || object.value("format", json()) != format_version) {
        refuse();
    }
    return object;
}

milliseconds time_in(const json& object, const char* key, std::int64_t least = 0) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) {
        refuse();
    }
    const auto value = found->get<std::int64_t>();
    if (value < least || value > max_time) {
        refuse();
    }
    return milliseconds{value};
}

/// A wall clock can be before 1970, and a jump go back.
milliseconds signed_time_in(const json& object, const char* key) {
    return time_in(object, key, -max_time);
}

std::string text_in(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) {
        refuse();
    }
    return found->get<std::string>();
}

json to_json(const ClockRecord& record) {
    json object{{"format", format_version},
                {"counted", record.counted.time_since_epoch().count()},
                {"boot", record.last.boot},
                {"since_boot", record.last.since_boot.count()},
                {"wall", record.last.wall.time_since_epoch().count()},
                {"gap", record.gap.count()}};
    if (record.wall_before_boot) {
        object["wall_before_boot"] = record.wall_before_boot->time_since_epoch().count();
    }
    if (record.jump) {
        object["jump"] = {{"by", record.jump->by.count()},
                          {"seen", record.jump->seen.time_since_epoch().count()}};
    }
    return object;
}

ClockRecord clock_from(const json& object) {
    ClockRecord record;
    record.counted = CountedTime(time_in(object, "counted"));
    record.last = {text_in(object, "boot"), time_in(object, "since_boot"),
                   WallTime(signed_time_in(object, "wall"))};
    record.gap = time_in(object, "gap");
    if (object.contains("wall_before_boot")) {
        record.wall_before_boot = WallTime(signed_time_in(object, "wall_before_boot"));
    }
    if (object.contains("jump")) {
        const auto& jump = object.at("jump");
        record.jump = ClockJump{signed_time_in(jump, "by"), CountedTime(time_in(jump, "seen"))};
    }
    return record;
}

Uuid copy_in(const std::string& key) {
    const auto copy = Uuid::parse(key);
    if (!copy) {
        refuse();
    }
    return *copy;
}

const json& object_in(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_object()) {
        refuse();
    }
    return *found;
}

/// The key "arrivals" is all that earlier versions write, and read.
ArrivalBook book_from(const json& object) {
    ArrivalBook book;
    const auto& times = object_in(object, "arrivals");
    for (const auto& [key, value] : times.items()) {
        book.present[copy_in(key)].counted = CountedTime(time_in(times, key.c_str()));
    }
    if (object.contains("facts")) {
        for (const auto& [key, value] : object_in(object, "facts").items()) {
            if (const auto found = book.present.find(copy_in(key)); found != book.present.end()) {
                read_facts(value, found->second);
            }
        }
    }
    if (const auto gone = object.find("gone"); gone != object.end()) {
        for (const auto& value : *gone) {
            Arrival arrival{CountedTime(time_in(value, "counted"))};
            read_facts(value, arrival);
            book.gone.push_back(arrival);
        }
    }
    return book;
}

/// What `parse` makes of the file; nothing where there is none, or it is not sound.
template <typename Parse>
auto read_note(const std::filesystem::path& file, std::size_t limit, std::string& why, Parse parse)
    -> std::optional<decltype(parse(json()))> {
    try {
        if (const auto text = sys::read_small_file(file, limit)) {
            return parse(parsed(*text));
        }
    } catch (const std::exception& error) {
        why = error.what();
    }
    return std::nullopt;
}

}  // namespace

std::optional<ClockRecord> read_clock(const std::filesystem::path& file, std::string& why) {
    return read_note(file, max_clock, why, clock_from);
}

void write_clock(const std::filesystem::path& file, const ClockRecord& record) {
    sys::replace_file(file, to_json(record).dump(1) + "\n", 0600, ExitCode::receiving);
}

ArrivalBook read_arrivals(const std::filesystem::path& file, std::string& why) {
    return read_note(file, max_arrivals, why, book_from).value_or(ArrivalBook{});
}

void write_arrivals(const std::filesystem::path& file, const ArrivalBook& book) {
    auto times = json::object();
    auto facts = json::object();
    for (const auto& [copy, arrival] : book.present) {
        times[copy.text()] = arrival.counted.time_since_epoch().count();
        facts[copy.text()] = facts_of(arrival);
    }
    auto gone = json::array();
    for (const auto& arrival : book.gone) {
        auto entry = facts_of(arrival);
        entry["counted"] = arrival.counted.time_since_epoch().count();
        gone.push_back(std::move(entry));
    }
    const json object{{"format", format_version},
                      {"arrivals", std::move(times)},
                      {"facts", std::move(facts)},
                      {"gone", std::move(gone)}};
    sys::replace_file(file, object.dump() + "\n", 0600, ExitCode::receiving);
}

}  // namespace snapferry::receive
