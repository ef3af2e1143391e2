#include "snapferry/core/status/under_way.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> phase_names{"connecting", "comparing", "sending",
                                                      "finishing",  "receiving", "resuming"};

bool moves_bytes(UnderWay::Phase phase) {
    return phase == UnderWay::Phase::sending || phase == UnderWay::Phase::receiving;
}

/// No more than 99 %: that all of it is there is for the receiver to say.
std::string share_text(const UnderWay& at) {
    if (!at.whole || *at.whole == 0) {
        return at.done == 0 ? "" : " " + byte_text(at.done);
    }
    const auto share = static_cast<double>(at.done) / static_cast<double>(*at.whole) * 100;
    return fmt::format(" {} %", std::min(99, static_cast<int>(share)));
}

std::string left_text(const UnderWay& at) {
    if (!at.whole || at.rate == 0 || *at.whole <= at.done) {
        return {};
    }
    return " about " + rough_duration(std::chrono::seconds(
                           static_cast<std::int64_t>((*at.whole - at.done) / at.rate)));
}

/// In whole units: "108 MiB/s", which leaves room for the rest.
std::string rate_text(std::uint64_t rate) {
    auto text = byte_text(rate);
    const auto point = text.find('.');
    const auto unit = text.find(' ');
    if (point != std::string::npos && point >= 2 && unit != std::string::npos) {
        text.erase(point, unit - point);
    }
    return fmt::format(" {}/s", text);
}

template <typename Number>
std::optional<Number> number_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned()
               ? std::optional(found->get<Number>())
               : std::nullopt;
}

}  // namespace

std::string_view name_of(UnderWay::Phase phase) {
    return phase_names.at(static_cast<std::size_t>(phase));
}

std::string text_of(const UnderWay& at, bool brief) {
    std::string text(name_of(at.phase));
    if (!moves_bytes(at.phase)) {
        return text;
    }
    text += share_text(at);
    if (!brief && at.rate > 0) {
        text += rate_text(at.rate);
    }
    return text + left_text(at);
}

std::string note_text(const ProgressNote& note) {
    json object{{"version", 1},
                {"process", note.by.id},
                {"started", note.by.started},
                {"phase", name_of(note.at.phase)},
                {"snapshot", note.at.snapshot},
                {"done", note.at.done},
                {"rate", note.at.rate}};
    if (note.at.whole) {
        object["whole"] = *note.at.whole;
    }
    return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<ProgressNote> parse_note(std::string_view text) {
    const auto object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        return std::nullopt;
    }
    const auto process = number_in<std::int64_t>(object, "process");
    const auto started = number_in<std::uint64_t>(object, "started");
    const auto done = number_in<std::uint64_t>(object, "done");
    const auto rate = number_in<std::uint64_t>(object, "rate");
    const auto phase = object.find("phase");
    const auto snapshot = object.find("snapshot");
    if (!process || !started || !done || !rate || phase == object.end() || !phase->is_string() ||
        snapshot == object.end() || !snapshot->is_string()) {
        return std::nullopt;
    }
    const auto* const known =
        std::find(phase_names.begin(), phase_names.end(), phase->get<std::string>());
    if (known == phase_names.end()) {
        return std::nullopt;
    }
    return ProgressNote{
        {*process, *started},
        {static_cast<UnderWay::Phase>(known - phase_names.begin()), snapshot->get<std::string>(),
         *done, *rate, number_in<std::uint64_t>(object, "whole")}};
}

}  // namespace snapferry
