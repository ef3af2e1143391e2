#include "snapferry/core/setup/receiver_wishes.h"

#include <fmt/format.h>

#include <variant>

#include "json_fields.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/setup/public_key.h"
#include "snapferry/core/setup/user_name.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

Json optional_json(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

std::optional<std::string> optional_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? std::nullopt
                                                     : std::optional(checked_text(*found));
}

bool is_plain_path(const std::string& path) {
    return path.starts_with('/') && path.find('\n') == std::string::npos;
}

}  // namespace

std::string to_json(const ReceiverWishes& wishes) {
    Json json{{"version", message_version},
              {"tag", wishes.tag.text()},
              {"user", wishes.user},
              {"key", optional_json(wishes.key)},
              {"replace_key", wishes.replace_key},
              {"disk", optional_json(wishes.disk)},
              {"format", nullptr},
              {"keep", optional_json(wishes.keep)},
              {"enable_ssh", wishes.enable_ssh}};
    if (wishes.format) {
        json["format"] = {{"device", wishes.format->device}, {"typed", wishes.format->typed}};
    }
    return line_of(json);
}

ReceiverWishes receiver_wishes_from_json(std::string_view line) {
    const auto json = parse_message(line);
    ReceiverWishes wishes(Tag::parse(text_in(json, "tag")));
    wishes.user = text_in(json, "user");
    wishes.key = optional_in(json, "key");
    wishes.replace_key = flag_in(json, "replace_key");
    wishes.disk = optional_in(json, "disk");
    if (const auto format = json.find("format"); format != json.end() && format->is_object()) {
        wishes.format = FormatWish{text_in(*format, "device"), text_in(*format, "typed")};
    }
    wishes.keep = optional_in(json, "keep");
    wishes.enable_ssh = flag_in(json, "enable_ssh");
    return wishes;
}

void require_sensible(const ReceiverWishes& wishes) {
    if (!is_user_name(wishes.user)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" cannot be the name of a user", escape_text(wishes.user)),
                      "a name has up to 32 of a-z, 0-9, _ and -");
    }
    if (wishes.user == "root") {
        throw Failure(ExitCode::configuration,
                      "the sender is not to log in as root, who can do anything",
                      "leave --user out: the usual one is backups");
    }
    if (wishes.key) {
        (void)parse_public_key(*wishes.key);
    }
    if (wishes.keep) {
        const auto parsed = parse_keep(*wishes.keep);
        if (const auto* const wrong = std::get_if<std::string>(&parsed)) {
            throw Failure(ExitCode::configuration, "--keep: " + *wrong);
        }
    }
    if (wishes.disk && !is_plain_path(*wishes.disk)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no path from /", escape_text(*wishes.disk)),
                      "--disk takes a device such as /dev/sda1, or a directory on a mounted btrfs");
    }
    if (wishes.format && !is_plain_path(wishes.format->device)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no path from /", escape_text(wishes.format->device)),
                      "--format takes a device such as /dev/sda");
    }
    if (wishes.format && wishes.disk && *wishes.disk != wishes.format->device) {
        throw Failure(ExitCode::configuration, "--disk and --format name two disks",
                      "leave --disk out: the disk that is made empty is the one that is taken");
    }
}

}  // namespace snapferry::setup
