#include "snapferry/sys/alert/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "key_file.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/time/milliseconds.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/random_uuid.h"

namespace snapferry::sys {
namespace {

using nlohmann::json;

constexpr std::size_t largest = 1024 * 1024;  // bytes of a message
constexpr auto ending = ".mail";
constexpr std::chrono::minutes first_pause{1};
constexpr std::chrono::minutes longest_pause{30};

std::string text_of(const json& document) {
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<Outbox::Waiting> read_waiting(const std::filesystem::path& file) {
    const auto text = read_own_file(file, largest);
    if (!text) {
        return std::nullopt;
    }
    try {
        const auto document = json::parse(*text);
        return Outbox::Waiting{file,
                               {document.at("event"), document.at("subject"), document.at("body")},
                               time_of(document.at("since").get<std::int64_t>()),
                               document.at("id")};
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

}  // namespace

void Outbox::put(const std::string& key, const alert::Message& message, WallTime now) const {
    make_private_directory(directory_);
    replace_file(directory_ / key_file_name(key, ending),
                 text_of(json{{"event", message.event},
                              {"subject", message.subject},
                              {"body", message.body},
                              {"since", number_of(now)},
                              {"id", random_uuid().text()}}));
}

std::vector<Outbox::Waiting> Outbox::waiting() const {
    std::vector<Waiting> all;
    if (!is_there(directory_)) {
        return all;
    }
    for (const auto& entry : entries_of(directory_, ExitCode::configuration)) {
        if (entry.path.extension() != ending) {
            continue;
        }
        if (auto one = read_waiting(entry.path)) {
            all.push_back(std::move(*one));
        } else {
            delete_file(entry.path);
        }
    }
    std::sort(all.begin(), all.end(),
              [](const Waiting& one, const Waiting& other) { return one.since < other.since; });
    return all;
}

void Outbox::remove(const Waiting& sent) const {
    const auto there = read_waiting(sent.file);
    if (there && there->id == sent.id) {
        delete_file(sent.file);
    }
}

std::filesystem::path Outbox::trouble_file() const {
    return directory_ / "trouble.json";
}

std::optional<Outbox::Trouble> Outbox::trouble() const {
    if (!is_there(directory_)) {
        return std::nullopt;
    }
    const auto text = read_own_file(trouble_file(), largest);
    if (!text) {
        return std::nullopt;
    }
    try {
        const auto document = json::parse(*text);
        return Trouble{time_of(document.at("since").get<std::int64_t>()),
                       time_of(document.at("last").get<std::int64_t>()), document.at("tries"),
                       document.at("why")};
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

void Outbox::note_trouble(const std::string& why, WallTime now) const {
    auto next = trouble().value_or(Trouble{now, now, 0, {}});
    next.last = now;
    next.why = why;
    next.tries = std::min(next.tries + 1, 1000U);
    make_private_directory(directory_);
    replace_file(trouble_file(), text_of(json{{"since", number_of(next.since)},
                                              {"last", number_of(next.last)},
                                              {"tries", next.tries},
                                              {"why", next.why}}));
}

void Outbox::note_no_trouble() const {
    if (trouble()) {
        delete_file(trouble_file());
    }
}

bool is_due(const std::optional<Outbox::Trouble>& trouble, WallTime now) {
    if (!trouble || now < trouble->last) {
        return true;
    }
    const auto doublings = std::min(trouble->tries > 0 ? trouble->tries - 1 : 0, 10U);
    const auto pause = std::min(longest_pause, first_pause * (1 << doublings));
    return now - trouble->last >= pause;
}

}  // namespace snapferry::sys
