#include "snapferry/receive/proof/proof_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/age/notes.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"
#include "snapferry/sys/machine/clock_reading.h"

namespace snapferry::receive {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr int format_version = 1;
constexpr std::size_t max_file = 64UL * 1024 * 1024;  // bytes; a backup takes 5 KiB at most
constexpr std::size_t most_remembered = 5;            // entries that differ, of each verification
constexpr std::chrono::seconds others_take{60};       // to replace a small file

json time_json(const proof::When& when) {
    return {{"counted", when.counted.time_since_epoch().count()},
            {"wall", when.wall.time_since_epoch().count()}};
}

proof::When when_in(const json& object) {
    return {CountedTime(milliseconds(object.at("counted").get<std::int64_t>())),
            sys_seconds(seconds(object.at("wall").get<std::int64_t>()))};
}

/// A path may hold any bytes, but what is remembered of it is escaped.
json lines_json(const std::vector<std::string>& lines) {
    auto list = json::array();
    for (std::size_t index = 0; index < std::min(lines.size(), most_remembered); ++index) {
        list.push_back(lines[index]);
    }
    return list;
}

std::vector<std::string> lines_in(const json& list) {
    std::vector<std::string> lines;
    lines.reserve(list.size());
    for (const auto& line : list) {
        lines.push_back(safe_line(line.get<std::string>()));
    }
    return lines;
}

proof::Outcome outcome_in(const json& object) {
    const auto name = object.at("outcome").get<std::string>();
    for (const auto outcome : {proof::Outcome::well, proof::Outcome::differs}) {
        if (name == proof::name_of(outcome)) {
            return outcome;
        }
    }
    return proof::Outcome::cannot_say;
}

json to_json(const std::optional<proof::Verification>& verification) {
    if (!verification) {
        return nullptr;
    }
    return {
        {"when", time_json(verification->when)}, {"outcome", proof::name_of(verification->outcome)},
        {"part", verification->part.number},     {"of", verification->part.of},
        {"entries", verification->entries},      {"differences", verification->differences},
        {"seconds", verification->took.count()}, {"first", lines_json(verification->first)}};
}

std::optional<proof::Verification> verification_in(const json& object) {
    if (object.is_null()) {
        return std::nullopt;
    }
    return proof::Verification{when_in(object.at("when")),
                               outcome_in(object),
                               {object.at("part").get<unsigned>(), object.at("of").get<unsigned>()},
                               object.at("entries").get<std::uint64_t>(),
                               object.at("differences").get<std::uint64_t>(),
                               seconds(object.at("seconds").get<std::int64_t>()),
                               lines_in(object.at("first"))};
}

json to_json(const std::optional<proof::Drill>& drill) {
    if (!drill) {
        return nullptr;
    }
    return {{"when", time_json(drill->when)}, {"outcome", proof::name_of(drill->outcome)},
            {"backup", drill->backup},        {"files", drill->files},
            {"bytes", drill->bytes},          {"first", lines_json(drill->first)}};
}

std::optional<proof::Drill> drill_in(const json& object) {
    if (object.is_null()) {
        return std::nullopt;
    }
    return proof::Drill{when_in(object.at("when")),
                        outcome_in(object),
                        object.at("backup").get<std::string>(),
                        object.at("files").get<std::uint64_t>(),
                        object.at("bytes").get<std::uint64_t>(),
                        lines_in(object.at("first"))};
}

json to_json(const proof::Book& book) {
    auto copies = json::object();
    for (const auto& [copy, proof] : book.copies) {
        copies[copy.text()] = {{"last", to_json(proof.last)},
                               {"whole", to_json(proof.whole)},
                               {"differs", to_json(proof.differs)}};
    }
    auto parts = json::object();
    for (const auto& [number, when] : book.parts.when) {
        parts[std::to_string(number)] = when.time_since_epoch().count();
    }
    return {{"format", format_version},
            {"copies", std::move(copies)},
            {"parts_of", book.parts.of},
            {"parts", std::move(parts)},
            {"last_well", book.last_well ? time_json(*book.last_well) : json(nullptr)},
            {"drill", to_json(book.drill)}};
}

proof::Book book_in(const json& object) {
    proof::Book book;
    book.is_sound = object.at("format").get<int>() == format_version;
    for (const auto& [text, proof] : object.at("copies").items()) {
        book.copies[Uuid::parse(text).value()] = {verification_in(proof.at("last")),
                                                  verification_in(proof.at("whole")),
                                                  verification_in(proof.at("differs"))};
    }
    book.parts.of = object.at("parts_of").get<unsigned>();
    for (const auto& [number, when] : object.at("parts").items()) {
        book.parts.when[static_cast<unsigned>(std::stoul(number))] =
            CountedTime(milliseconds(when.get<std::int64_t>()));
    }
    if (const auto& when = object.at("last_well"); !when.is_null()) {
        book.last_well = when_in(when);
    }
    book.drill = drill_in(object.at("drill"));
    return book;
}

proof::Book unsound() {
    proof::Book book;
    book.is_sound = false;
    return book;
}

std::set<Uuid> copies_of(const Inventory& inventory) {
    std::set<Uuid> copies;
    for (const auto& backup : inventory.backups) {
        copies.insert(backup.copy);
    }
    return copies;
}

}  // namespace

proof::Book read_proofs(const std::filesystem::path& file) {
    const auto text = sys::read_own_file(file, max_file);
    if (!text) {
        return {};
    }
    try {
        return book_in(json::parse(*text));
    } catch (const std::exception&) {
        return unsound();
    }
}

void change_proofs(const TagView& view, const std::function<void(proof::Book&)>& change) {
    const auto& file = view.target.verified;
    auto lock_file = file;
    lock_file += ".lock";
    const auto lock = sys::FileLock::acquire(lock_file, others_take);
    if (!lock) {
        throw Failure(ExitCode::busy, fmt::format("another run has held {} for a minute",
                                                  escape_text(lock_file.native())));
    }
    auto book = read_proofs(file);
    book.is_sound = true;
    change(book);
    keep_only(book, copies_of(view.inventory));
    sys::replace_file(file,
                      to_json(book).dump(1, ' ', false, json::error_handler_t::replace) + "\n",
                      0600, ExitCode::receiving);
}

/// Nothing is written: the next receive counts on from what it finds.
proof::When proof_moment(const Target& target) {
    const auto wall = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::string why;
    const auto record = read_clock(target.clock, why);
    return {record ? count_on(record, sys::read_clocks()).counted : CountedTime{}, wall};
}

}  // namespace snapferry::receive
