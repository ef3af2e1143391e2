#include "snapferry/core/importing/btrbk_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "btrbk_options.h"
#include "btrbk_place.h"
#include "snapferry/core/importing/btrbk_keep.h"
#include "snapferry/core/rotation/rotation_table.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::importing {
namespace {

using setup::toml_text;

/// What counts in a section: its own options, and beneath them those of the sections around it.
class Options {
  public:
    [[nodiscard]] Options within(const BtrbkOptions& inner) const {
        Options all = *this;
        for (const auto& [name, option] : inner) {
            all.options_[name] = option;
        }
        return all;
    }

    [[nodiscard]] std::string value(const std::string& name) const {
        const auto found = options_.find(name);
        return found == options_.end() ? std::string{} : found->second.value;
    }

  private:
    BtrbkOptions options_;
};

/// A subvolume of btrbk's, with what it becomes here.
struct Series {
    std::string tag;
    std::string subvolume;
    std::string snapshot_dir;
    std::size_t line = 0;
};

class Importer {
  public:
    explicit Importer(const BtrbkFile& file) : file_(file) {}

    Import result() {
        import_.notes = file_.not_understood;
        note_options();
        const auto global = Options().within(file_.options);
        for (const auto& volume : file_.volumes) {
            take_volume(volume, global.within(volume.options));
        }
        std::stable_sort(
            import_.notes.begin(), import_.notes.end(),
            [](const LineNote& one, const LineNote& other) { return one.line < other.line; });
        return std::move(import_);
    }

  private:
    void note(std::size_t line, std::string text) {
        import_.notes.push_back({line, std::move(text)});
    }

    void note_options_of(const BtrbkOptions& options) {
        for (const auto& [name, option] : options) {
            if (auto text = note_of_option(name, option.value); !text.empty()) {
                note(option.line, std::move(text));
            }
        }
    }

    void note_options_of(const std::vector<BtrbkTarget>& targets) {
        for (const auto& target : targets) {
            note_options_of(target.options);
        }
    }

    void note_options() {
        note_options_of(file_.options);
        note_options_of(file_.targets);
        for (const auto& volume : file_.volumes) {
            note_options_of(volume.options);
            note_options_of(volume.targets);
            for (const auto& subvolume : volume.subvolumes) {
                note_options_of(subvolume.options);
                note_options_of(subvolume.targets);
            }
        }
    }

    void take_volume(const BtrbkVolume& volume, const Options& options) {
        if (remote_place(volume.place)) {
            note(volume.line,
                 fmt::format("{} is of another machine: snapferry runs there, and sends from it",
                             escape_text(volume.place)));
            return;
        }
        for (const auto& subvolume : volume.subvolumes) {
            take_subvolume(volume, subvolume, options.within(subvolume.options));
        }
    }

    void take_subvolume(const BtrbkVolume& volume, const BtrbkSubvolume& subvolume,
                        const Options& options) {
        const auto series = series_of(volume, subvolume, options);
        if (!series) {
            return;
        }
        take_snapshots(*series, options);
        for (const auto* const targets : {&file_.targets, &volume.targets, &subvolume.targets}) {
            for (const auto& target : *targets) {
                take_target(*series, target, options.within(target.options));
            }
        }
    }

    std::optional<Series> series_of(const BtrbkVolume& volume, const BtrbkSubvolume& subvolume,
                                    const Options& options) {
        if (subvolume.name.find('*') != std::string::npos) {
            note(subvolume.line, fmt::format("{} means several subvolumes: write a line for each, "
                                             "and import again",
                                             escape_text(subvolume.name)));
            return std::nullopt;
        }
        Series series{"", path_in(volume.place, subvolume.name),
                      path_in(volume.place, options.value("snapshot_dir")), subvolume.line};
        if (!series.subvolume.starts_with('/') || !series.snapshot_dir.starts_with('/')) {
            note(subvolume.line, fmt::format("where {} or its snapshots lie is not known: there is "
                                             "no absolute path",
                                             escape_text(subvolume.name)));
            return std::nullopt;
        }
        const auto name = options.value("snapshot_name");
        series.tag = unused_tag(
            name.empty() ? series.subvolume.substr(series.subvolume.rfind('/') + 1) : name);
        return series;
    }

    std::string unused_tag(const std::string& text) {
        const auto tag = tag_like(text);
        auto found = tag;
        for (unsigned number = 2; !tags_.insert(found).second; ++number) {
            found = fmt::format("{}-{}", tag, number);
        }
        return found;
    }

    void take_snapshots(const Series& series, const Options& options) {
        const auto create = options.value("snapshot_create");
        if (create == "no") {
            note(series.line, fmt::format("btrbk makes no snapshots of {}: whoever does has to "
                                          "name them so that they end in @{}",
                                          escape_text(series.subvolume), series.tag));
            return;
        }
        if (create == "onchange" || create == "ondemand") {
            note(series.line, "snapshots are made at every time of the calendar");
        }
        const auto preserve = options.value("snapshot_preserve");
        const auto kept = kept_words(preserve, options.value("snapshot_preserve_min"), false);
        for (const auto& text : kept.notes) {
            note(series.line, fmt::format("[snapshots.{}] keep: {}", series.tag, text));
        }
        const std::string calendar = kept.keep.find('h') == std::string::npos ? "daily" : "hourly";
        note(series.line,
             fmt::format("[snapshots.{}] calendar: \"{}\" is a guess; it is as often as "
                         "cron or a timer has run btrbk",
                         series.tag, calendar));
        import_.send.push_back({{"snapshots", series.tag},
                                rotation_entries({series.subvolume, series.snapshot_dir, series.tag,
                                                  kept.keep, calendar})});
    }

    void take_target(const Series& series, const BtrbkTarget& target, const Options& options) {
        if (target.type != "send-receive") {
            note(target.line,
                 fmt::format("targets of the type \"{}\" are not carried over: backups "
                             "are subvolumes here",
                             escape_text(target.type)));
            return;
        }
        const auto place = remote_place(target.place);
        if (!place) {
            note(target.line,
                 fmt::format("{} is on this machine: that is a receiver with local = true and a "
                             "configuration of its own, which is not carried over (\"A second disk "
                             "at the NAS\" in docs/operations.md)",
                             escape_text(target.place)));
            return;
        }
        if (!places_.emplace(place->host, series.tag).second) {
            note(target.line, fmt::format("it is the second place for {} at {}, and is not carried "
                                          "over",
                                          escape_text(series.subvolume), escape_text(place->host)));
            return;
        }
        take_job(series, *place, options);
        take_backups(series, *place, target, options);
    }

    void take_job(const Series& series, const RemotePlace& place, const Options& options) {
        const auto receiver = unused_name(fmt::format("{}-{}", tag_like(place.host), series.tag));
        std::vector<setup::TomlEntry> entries{
            {"host", toml_text(place.host)},
            {"user", toml_text("backups")},
            {"key", toml_text(fmt::format("/etc/snapferry/keys/{}", series.tag))}};
        if (!place.port.empty()) {
            entries.push_back({"port", place.port});
        }
        if (const auto limit = bandwidth_limit(options.value("rate_limit"))) {
            entries.push_back({"bandwidth_limit", toml_text(*limit)});
        }
        import_.send.push_back({{"receivers", receiver}, entries});
        const bool is_first = jobs_.insert(series.tag).second;
        import_.send.push_back({{"jobs", is_first ? series.tag : receiver},
                                {{"snapshot_dir", toml_text(series.snapshot_dir)},
                                 {"source_tag", toml_text(series.tag)},
                                 {"dest_tag", toml_text(series.tag)},
                                 {"to", toml_text(receiver)}}});
    }

    std::string unused_name(const std::string& text) {
        auto found = text;
        for (unsigned number = 2; !receivers_.insert(found).second; ++number) {
            found = fmt::format("{}-{}", text, number);
        }
        return found;
    }

    void take_backups(const Series& series, const RemotePlace& place, const BtrbkTarget& target,
                      const Options& options) {
        auto& tables = import_.receive[place.host];
        if (tables.empty()) {
            tables.push_back({{}, {{"target_dir", toml_text(place.directory)}}});
        } else if (tables.front().entries.front().value != toml_text(place.directory)) {
            note(target.line, fmt::format("{} has one target_dir for all: the backups do not go to "
                                          "{}",
                                          escape_text(place.host), escape_text(place.directory)));
        }
        const auto kept = kept_words(options.value("target_preserve"),
                                     options.value("target_preserve_min"), true);
        for (const auto& text : kept.notes) {
            note(target.line, fmt::format("[tags.{}] keep: {}", series.tag, text));
        }
        std::vector<setup::TomlEntry> entries{{"keep", toml_text(kept.keep)}};
        if (!kept.min_age.empty()) {
            entries.push_back({"min_age", toml_text(kept.min_age)});
            note(target.line,
                 fmt::format("[tags.{}] min_age: only what is younger than {} stays in any "
                             "case, as target_preserve_min has it; without that line it is 5 "
                             "days, which a burgled NAS cannot push out",
                             series.tag, kept.min_age));
        }
        tables.push_back({{"tags", series.tag}, std::move(entries)});
    }

    const BtrbkFile& file_;
    Import import_;
    std::set<std::string> tags_;
    std::set<std::string> receivers_;
    std::set<std::string> jobs_;
    std::set<std::pair<std::string, std::string>> places_;  ///< host and tag
};

}  // namespace

Import import_btrbk(const BtrbkFile& file) {
    return Importer(file).result();
}

std::string text_of(const std::vector<ImportedTable>& tables) {
    std::string text;
    for (const auto& [table, entries] : tables) {
        text += text.empty() ? "" : "\n";
        text += table.empty() ? "" : setup::toml_header(table) + "\n";
        for (const auto& entry : entries) {
            text += fmt::format("{} = {}\n", entry.key, entry.value);
        }
    }
    return text;
}

}  // namespace snapferry::importing
