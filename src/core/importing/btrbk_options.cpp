#include "btrbk_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/transfer/throttle.h"

namespace snapferry::importing {
namespace {

struct OptionNote {
    std::string_view name;      ///< or how it begins, with a '*' at the end
    std::string_view harmless;  ///< a value of which nothing has to be said
    std::string_view note;      ///< empty: it is carried over
};

constexpr std::array option_notes{
    OptionNote{"snapshot_dir", "", ""},
    OptionNote{"snapshot_name", "", ""},
    OptionNote{"snapshot_preserve", "", ""},
    OptionNote{"snapshot_preserve_min", "", ""},
    OptionNote{"target_preserve", "", ""},
    OptionNote{"target_preserve_min", "", ""},
    OptionNote{"rate_limit", "", ""},
    OptionNote{"timestamp_format", "", "snapshots are named TIME-@TAG here"},
    OptionNote{"snapshot_create", "always", ""},
    OptionNote{"incremental", "yes", "an increment is sent wherever that is possible"},
    OptionNote{"noauto", "no",
               "a table stands for it all the same: leave it out if it is not meant"},
    OptionNote{"group", "", "there are no groups: a job is run by its name"},
    OptionNote{"preserve_day_of_week", "monday",
               "the first of each week, from Monday on, of each month and of each year is kept"},
    OptionNote{"preserve_hour_of_day", "0", "a day begins at midnight"},
    OptionNote{"ssh_identity", "",
               "each tag has a key of its own here, which can do nothing but send to it: "
               "snapferry pair makes it"},
    OptionNote{"ssh_user", "",
               "the login at the receiver is that of \"backups\", for whom sudo runs one program"},
    OptionNote{"ssh_cipher_spec", "default", "see cipher in snapferry-send.toml(5)"},
    OptionNote{"ssh_compression", "no", "see compress in snapferry-send.toml(5)"},
    OptionNote{"stream_compress*", "no", "data is compressed as hard as keeps the line busy"},
    OptionNote{"stream_buffer*", "no", "no buffer has to be set"},
    OptionNote{"rate_limit_remote", "no", "the sender's limit, bandwidth_limit, is the only one"},
    OptionNote{"send_protocol", "", "the newest that both sides can is used"},
    OptionNote{"send_compressed_data", "", "data that is compressed on the disk is sent as it is"},
    OptionNote{"backend*", "btrfs-progs", "sudo runs one program, by a rule that setup makes"},
    OptionNote{"btrfs_commit_delete", "", ""},
    OptionNote{"lockfile", "", ""},
    OptionNote{"transaction_log", "no", "see snapferry history, and the journal"},
    OptionNote{"transaction_syslog", "no", "see snapferry history, and the journal"},
    OptionNote{"archive_*", "", "there is no archive command: see a third copy in the documents"},
    OptionNote{"snapshot_preserve_*", "",
               "it is of btrbk before 0.23: say it as snapshot_preserve, and import again"},
    OptionNote{"target_preserve_*", "",
               "it is of btrbk before 0.23: say it as target_preserve, and import again"},
};

bool is_named(const OptionNote& entry, std::string_view name) {
    auto wanted = entry.name;
    if (wanted.back() != '*') {
        return wanted == name;
    }
    wanted.remove_suffix(1);
    return name.starts_with(wanted);
}

}  // namespace

std::string note_of_option(std::string_view name, std::string_view value) {
    const auto* const entry =
        std::find_if(option_notes.begin(), option_notes.end(),
                     [&](const OptionNote& one) { return is_named(one, name); });
    if (entry == option_notes.end()) {
        return fmt::format("{} is not carried over", escape_text(name));
    }
    const bool says_nothing =
        entry->note.empty() || (!entry->harmless.empty() && entry->harmless == value);
    return says_nothing ? std::string{} : fmt::format("{}: {}", escape_text(name), entry->note);
}

std::optional<std::string> bandwidth_limit(std::string_view rate) {
    constexpr std::string_view units = "kmg";
    constexpr std::array<std::string_view, 3> names{"KiB/s", "MiB/s", "GiB/s"};
    const auto unit = rate.empty() ? std::string_view::npos : units.find(rate.back());
    if (unit == std::string_view::npos) {
        return std::nullopt;
    }
    rate.remove_suffix(1);
    auto limit = fmt::format("{}{}", rate, names.at(unit));
    return parse_rate(limit) ? std::optional(std::move(limit)) : std::nullopt;
}

}  // namespace snapferry::importing
