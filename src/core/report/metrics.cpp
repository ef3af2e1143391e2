#include "snapferry/core/report/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace snapferry {
namespace {

struct Family {
    std::string_view name;
    std::string_view type;
    std::string_view help;
};

constexpr std::array families{
    Family{"snapferry_last_run_timestamp_seconds", "gauge", "When the last run ended."},
    Family{"snapferry_last_success_timestamp_seconds", "gauge",
           "When the last run that went well ended."},
    Family{"snapferry_newest_backup_timestamp_seconds", "gauge",
           "When the newest snapshot was made that is durably at the receiver; 0 where none is."},
    Family{"snapferry_max_age_seconds", "gauge",
           "How long ago the newest snapshot may have been made before it is too old."},
    Family{"snapferry_last_run_duration_seconds", "gauge", "How long the last run took."},
    Family{"snapferry_last_run_exit_code", "gauge", "What the last run came to; 0 is well."},
    Family{"snapferry_last_run_stream_bytes", "gauge", "What the last run sent, uncompressed."},
    Family{"snapferry_last_run_wire_bytes", "gauge",
           "What the last run sent, as it was on the line."},
    Family{"snapferry_kept_backups", "gauge", "How many snapshots the receiver keeps."},
    Family{"snapferry_receiver_free_bytes", "gauge", "What is free on the receiver's disk."},
    Family{"snapferry_runs_total", "counter", "How many runs there were, by outcome."},
    Family{"snapferry_failed_runs_total", "counter", "How many runs did not go well."},
};

/// What tells a sample from others of its family. Not "job": Prometheus has that label itself.
struct Labels {
    std::string backup;   ///< the job's name
    std::string outcome;  ///< of runs_total alone

    friend auto operator<=>(const Labels&, const Labels&) = default;
};

std::string escaped(std::string_view value) {
    std::string text;
    for (const char character : value) {
        if (character == '\n') {
            text += "\\n";
            continue;
        }
        if (character == '\\' || character == '"') {
            text += '\\';
        }
        text += character;
    }
    return text;
}

/// Reads what escaped() and text_of() have written, from its beginning on.
class LineReader {
  public:
    explicit LineReader(std::string_view line) : rest_(line) {}

    bool skip(std::string_view expected) {
        const bool found = rest_.starts_with(expected);
        rest_.remove_prefix(found ? expected.size() : 0);
        return found;
    }

    /// What comes before the character; nothing where it does not come.
    std::optional<std::string_view> before(char character) {
        const auto end = rest_.find(character);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto found = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return found;
    }

    /// A label's value in quotes.
    std::optional<std::string> quoted() {
        if (!skip("\"")) {
            return std::nullopt;
        }
        std::string value;
        while (!rest_.empty() && rest_.front() != '"') {
            const bool is_escape = rest_.front() == '\\' && rest_.size() > 1;
            const char character = rest_[is_escape ? 1 : 0];
            value += is_escape && character == 'n' ? '\n' : character;
            rest_.remove_prefix(is_escape ? 2 : 1);
        }
        return skip("\"") ? std::optional(value) : std::nullopt;
    }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

bool is_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

class Samples {
  public:
    /// Those of such a text.
    explicit Samples(std::string_view text) {
        while (!text.empty()) {
            const auto line = text.substr(0, text.find('\n'));
            read(line);
            text.remove_prefix(std::min(line.size() + 1, text.size()));
        }
    }

    void set(std::string_view family, const Labels& labels, std::string value) {
        samples_[std::string(family)][labels] = std::move(value);
    }

    void add(std::string_view family, const Labels& labels, std::uint64_t more) {
        auto& value = samples_[std::string(family)][labels];
        std::uint64_t count = 0;
        (void)std::from_chars(value.data(), value.data() + value.size(), count);
        value = std::to_string(count + more);
    }

    void keep_only(std::span<const std::string> jobs) {
        for (auto& [family, samples] : samples_) {
            std::erase_if(samples, [&](const auto& sample) {
                return std::find(jobs.begin(), jobs.end(), sample.first.backup) == jobs.end();
            });
        }
    }

    [[nodiscard]] std::string text() const {
        std::string text;
        for (const auto& family : families) {
            const auto found = samples_.find(std::string(family.name));
            if (found != samples_.end() && !found->second.empty()) {
                text += text_of(family, found->second);
            }
        }
        return text;
    }

  private:
    using OfFamily = std::map<Labels, std::string>;

    static std::string text_of(const Family& family, const OfFamily& samples) {
        auto text =
            fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help, family.type);
        for (const auto& [labels, value] : samples) {
            text += fmt::format("{}{{backup=\"{}\"", family.name, escaped(labels.backup));
            if (!labels.outcome.empty()) {
                text += fmt::format(",outcome=\"{}\"", escaped(labels.outcome));
            }
            text += fmt::format("}} {}\n", value);
        }
        return text;
    }

    void read(std::string_view line) {
        LineReader reader(line);
        const auto family = reader.before('{');
        if (!family || !reader.skip("{backup=")) {
            return;
        }
        const auto backup = reader.quoted();
        const auto outcome =
            reader.skip(",outcome=") ? reader.quoted() : std::optional(std::string());
        if (backup && outcome && reader.skip("} ") && is_number(reader.rest())) {
            set(*family, {*backup, *outcome}, std::string(reader.rest()));
        }
    }

    std::map<std::string, OfFamily> samples_;
};

std::string seconds_text(std::chrono::milliseconds time) {
    return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000);
}

std::string time_text(WallTime time) {
    return seconds_text(time.time_since_epoch());
}

}  // namespace

std::string metrics_after_run(std::string_view before, const RunReport& report,
                              std::span<const std::string> jobs,
                              std::optional<std::chrono::seconds> max_age) {
    Samples samples(before);
    const Labels job{report.job, {}};
    const bool went_well = report.outcome == ExitCode::done;
    const auto ended = time_text(report.started + report.duration);
    samples.set("snapferry_last_run_timestamp_seconds", job, ended);
    if (went_well) {
        samples.set("snapferry_last_success_timestamp_seconds", job, ended);
    }
    if (report.newest.is_known()) {  // nothing there is as old as can be: an alarm must hear of it
        const auto* const newest = report.newest.snapshot();
        samples.set("snapferry_newest_backup_timestamp_seconds", job,
                    newest == nullptr ? "0" : time_text(newest->taken));
    }
    if (max_age) {
        samples.set("snapferry_max_age_seconds", job, std::to_string(max_age->count()));
    }
    samples.set("snapferry_last_run_duration_seconds", job, seconds_text(report.duration));
    samples.set("snapferry_last_run_exit_code", job,
                std::to_string(static_cast<int>(report.outcome)));
    samples.set("snapferry_last_run_stream_bytes", job, std::to_string(report.stream_bytes));
    samples.set("snapferry_last_run_wire_bytes", job, std::to_string(report.wire_bytes));
    if (report.kept) {
        samples.set("snapferry_kept_backups", job, std::to_string(report.kept->size()));
    }
    if (report.receiver_free_bytes) {
        samples.set("snapferry_receiver_free_bytes", job,
                    std::to_string(*report.receiver_free_bytes));
    }
    samples.add("snapferry_runs_total", {report.job, std::string(exit_code_name(report.outcome))},
                1);
    samples.add("snapferry_failed_runs_total", job, went_well ? 0 : 1);
    samples.keep_only(jobs);
    return samples.text();
}

}  // namespace snapferry
