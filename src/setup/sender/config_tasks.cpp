#include <fmt/format.h>

#include "../steps/system.h"
#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/setup/text/toml_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/config/toml_change.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::setup {
namespace {

constexpr unsigned usual_port = 22;
constexpr mode_t for_root_alone = 0600;
constexpr auto title = "# What this machine sends, and where to: snapferry-send.toml(5).\n";

using Entries = std::vector<TomlEntry>;

/// Changes the table and nothing else, to what snapshot-send can read.
void edit(const std::filesystem::path& config, const TomlTable& table,
          const std::function<std::string(const std::string&)>& changed) {
    std::string before;
    sys::edit_carefully(
        config, for_root_alone,
        [&](const std::string& text) {
            before = text;
            return changed(text);
        },
        [&](const std::filesystem::path& candidate) {
            constexpr std::size_t largest = 1024 * 1024;  // bytes
            const auto after = sys::read_small_file(candidate, largest).value_or("");
            sys::require_same_but_for(before, after, {table}, config.native());
            (void)send::load_config(candidate);
        },
        [] {});
}

/// Blocked where the file is not to be edited, or cannot be by adding lines: it is seen before
/// anything is done at the other machine.
Step unless_it_cannot_be(Step step, const std::filesystem::path& config, const TomlTable& table,
                         const Entries& entries) {
    if (const auto why = why_not_to_edit(config)) {
        return blocked(step,
                       fmt::format("{} is left as it is: {}", escape_text(config.native()), *why),
                       "write these lines into it by hand, and run this again");
    }
    const auto before = text_of(config);
    try {
        sys::require_same_but_for(before, with_entries(before, table, entries), {table},
                                  config.native());
    } catch (const Failure& failure) {
        return blocked(
            step, failure.what(),
            "write these lines into it by hand, as it is written there, and run this again");
    }
    return step;
}

class ReceiverTask final : public Task {
  public:
    ReceiverTask(const SenderPlace& place, const SenderWishes& wishes)
        : place_(place), wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        const auto wanted = entries();
        Step step{"receiver",
                  fmt::format("write down where {} is, and who logs in there",
                              escape_text(place_.receiver)),
                  escape_text(place_.config.native()),
                  shown_table(table(), wanted),
                  Step::State::to_do,
                  {},
                  {}};
        const auto& there = place_.receiver_there;
        if (there && there->user != wishes_.user) {
            return blocked(
                step,
                fmt::format("[receivers.{}] logs in as {}, and not as {}", escape_text(there->name),
                            escape_text(there->user), escape_text(wishes_.user)),
                "choose the same --user, or change it in the file");
        }
        return wanted.empty()
                   ? done(step)
                   : unless_it_cannot_be(std::move(step), place_.config, table(), wanted);
    }

    void carry_out() override { add_to_config(place_.config, table(), entries()); }

  private:
    [[nodiscard]] TomlTable table() const { return {"receivers", place_.receiver}; }

    /// Of one that is there, only what is missing.
    [[nodiscard]] Entries entries() const {
        Entries entries;
        if (!place_.receiver_there) {
            entries.push_back({"host", toml_text(wishes_.host)});
            if (wishes_.port != usual_port) {
                entries.push_back({"port", std::to_string(wishes_.port)});
            }
            entries.push_back({"user", toml_text(wishes_.user)});
            entries.push_back({"known_hosts", toml_text(place_.known_hosts.native())});
        }
        if (!wishes_.person.empty() &&
            !(place_.receiver_there && place_.receiver_there->has_person)) {
            entries.push_back({"person", toml_text(wishes_.person)});
        }
        return entries;
    }

    const SenderPlace& place_;
    const SenderWishes& wishes_;
};

class JobTask final : public Task {
  public:
    JobTask(const SenderPlace& place, const SenderWishes& wishes)
        : place_(place), wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{
            "job",
            fmt::format("send the newest @{} of {} to {} there", escape_text(wishes_.source_tag),
                        escape_text(wishes_.snapshot_dir.native()), wishes_.tag.text()),
            escape_text(place_.config.native()),
            shown_table(table(), entries()),
            Step::State::to_do,
            {},
            {}};
        const auto& there = place_.job_there;
        if (!there) {
            return unless_it_cannot_be(std::move(step), place_.config, table(), entries());
        }
        if (there->snapshot_dir.lexically_normal() != wishes_.snapshot_dir.lexically_normal() ||
            there->source_tag != wishes_.source_tag) {
            return blocked(step,
                           fmt::format("[jobs.{}] sends @{} of {} there", escape_text(there->name),
                                       escape_text(there->source_tag),
                                       escape_text(there->snapshot_dir.native())),
                           "choose another --tag for these, or change that job in the file");
        }
        return done(step);
    }

    void carry_out() override { add_to_config(place_.config, table(), entries()); }

  private:
    [[nodiscard]] TomlTable table() const { return {"jobs", place_.job}; }

    [[nodiscard]] Entries entries() const {
        return {{"snapshot_dir", toml_text(wishes_.snapshot_dir.native())},
                {"source_tag", toml_text(wishes_.source_tag)},
                {"dest_tag", toml_text(wishes_.tag.text())},
                {"to", toml_text(place_.receiver)},
                {"key", toml_text(place_.key_file.native())}};
    }

    const SenderPlace& place_;
    const SenderWishes& wishes_;
};

/// Takes a table away. A file that nobody has written anything into goes with its last one.
class TableAwayTask final : public Task {
  public:
    TableAwayTask(const SenderPlace& place, Step step, TomlTable table)
        : place_(place), step_(std::move(step)), table_(std::move(table)) {}

    [[nodiscard]] Step look() const override { return step_; }

    void carry_out() override {
        edit(place_.config, table_, [this](const std::string& text) {
            auto rest = without_table(text, table_);
            return rest == title ? std::string{} : rest;
        });
    }

  private:
    const SenderPlace& place_;
    Step step_;
    TomlTable table_;
};

}  // namespace

std::vector<std::string> shown_table(const TomlTable& table,
                                     const std::vector<TomlEntry>& entries) {
    std::vector<std::string> lines{"+ " + escape_text(toml_header(table))};
    lines.reserve(entries.size() + 1);
    for (const auto& entry : entries) {
        lines.push_back(fmt::format("+ {} = {}", entry.key, escape_text(entry.value)));
    }
    return lines;
}

void add_to_config(const std::filesystem::path& config, const TomlTable& table,
                   const std::vector<TomlEntry>& entries) {
    edit(config, table, [&](const std::string& text) {
        return with_entries(text.empty() ? title : text, table, entries);
    });
}

std::unique_ptr<Task> receiver_task(const SenderPlace& place, const SenderWishes& wishes) {
    return std::make_unique<ReceiverTask>(place, wishes);
}

std::unique_ptr<Task> job_task(const SenderPlace& place, const SenderWishes& wishes) {
    return std::make_unique<JobTask>(place, wishes);
}

std::unique_ptr<Task> job_away_task(const SenderPlace& place) {
    const TomlTable table{"jobs", place.job};
    Step step{"job",
              fmt::format("no longer send what [jobs.{}] says", escape_text(place.job)),
              escape_text(place.config.native()),
              {"- " + escape_text(toml_header(table))},
              Step::State::to_do,
              {},
              {}};
    return std::make_unique<TableAwayTask>(place, place.job_there ? step : done(step), table);
}

std::unique_ptr<Task> receiver_away_task(const SenderPlace& place,
                                         const std::vector<std::string>& other_jobs) {
    const TomlTable table{"receivers", place.receiver};
    Step step{"receiver",
              fmt::format("forget where {} is", escape_text(place.receiver)),
              escape_text(place.config.native()),
              {"- " + escape_text(toml_header(table))},
              Step::State::to_do,
              {},
              {}};
    if (!place.receiver_there) {
        done(step);
    } else if (!other_jobs.empty()) {
        left(step, fmt::format("[jobs.{}] goes there too", escape_text(other_jobs.front())),
             "it stays");
    }
    return std::make_unique<TableAwayTask>(place, step, table);
}

}  // namespace snapferry::setup
