#include <fmt/format.h>

#include <optional>
#include <variant>
#include <vector>

#include "../disk/place.h"
#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/setup/text/toml_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/config/toml_change.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::setup {
namespace {

constexpr auto file = receive::config_path;
constexpr auto usual_keep = "7 14d 8w 12m";
constexpr auto heading =
    "# Where the backups go, and how many are kept: snapferry-receive.toml(5).\n";

class ConfigurationTask : public Task {
  public:
    explicit ConfigurationTask(ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{
            "configuration",
            fmt::format("where the backups of {} go, and how many are kept", wishes_.tag.text()),
            file,
            {},
            {},
            {},
            {}};
        if (!sys::kind_of(file)) {
            const auto place = find_place(wishes_);
            if (place.trouble) {
                return left(step, "it is not known yet where the backups are to lie", "");
            }
            step.shown = changes_between("", changed("", place.target_dir.native(), usual_keep));
            return step;
        }
        return look_at_file(std::move(step));
    }

    void carry_out() override {
        const auto place = find_place(wishes_);
        make_directory_of_root(std::filesystem::path(file).parent_path());
        const auto keep = keep_to_write();
        const auto check = [](const std::filesystem::path& path) {
            (void)receive::load_config(path);
        };
        sys::edit_carefully(
            file, 0644,
            [&](const std::string& text) {
                auto after = changed(text, place.target_dir.native(), keep);
                if (!text.empty()) {
                    sys::require_same_but_for(text, after, {table()}, file);
                }
                return after;
            },
            check, [&] { check(file); });
    }

  private:
    [[nodiscard]] TomlTable table() const { return {"tags", wishes_.tag.text()}; }

    [[nodiscard]] std::string changed(const std::string& text, const std::string& target_dir,
                                      const std::string& keep) const {
        const std::vector<TomlEntry> entries{{"keep", toml_text(keep)}};
        const auto before = text.empty()
                                ? fmt::format("{}target_dir = {}\n", heading, toml_text(target_dir))
                                : text;
        return with_entries(before, table(), entries);
    }

    /// What is wished, or else what a person has said for tags that have nothing of their own. Who
    /// has said nothing gets the same for each tag.
    [[nodiscard]] std::string keep_to_write() const {
        if (wishes_.keep) {
            return *wishes_.keep;
        }
        if (!sys::kind_of(file)) {
            return usual_keep;
        }
        const auto said = keep_text(receive::load_config(file).defaults);
        return said == keep_text(receive::Config{}.defaults) ? usual_keep : said;
    }

    [[nodiscard]] bool has_wished_policy(const receive::Config& config) const {
        const auto found = config.tags.find(wishes_.tag.text());
        if (found == config.tags.end()) {
            return false;
        }
        if (!wishes_.keep) {
            return true;
        }
        const auto wished = parse_keep(*wishes_.keep);
        const auto* const words = std::get_if<KeepWords>(&wished);
        RetentionPolicy policy = found->second;
        if (words != nullptr) {
            policy.keep = words->newest;
            policy.periods = words->periods;
        }
        return keep_text(policy) == keep_text(found->second);
    }

    [[nodiscard]] Step look_at_file(Step step) const {
        std::optional<receive::Config> config;
        try {
            config = receive::load_config(file);
        } catch (const Failure& failure) {
            return blocked(step, failure.what(),
                           failure.hint().empty() ? fmt::format("mend {}", file) : failure.hint());
        }
        if (const auto origin = config->origin_of(wishes_.tag)) {
            return blocked(step,
                           fmt::format("{} is made from {} there, so that nothing is sent into it",
                                       wishes_.tag.text(), *origin),
                           "choose another tag");
        }
        if (has_wished_policy(*config)) {
            return done(step);
        }
        const auto before = text_of(file);
        std::string after;
        try {
            after = changed(before, {}, keep_to_write());
            sys::require_same_but_for(before, after, {table()}, file);
        } catch (const Failure& failure) {
            return blocked(step, failure.what(), failure.hint());
        }
        step.shown = changes_between(before, after);
        if (const auto why = why_not_to_edit(file)) {
            return blocked(step, fmt::format("{} is left as it is: {}", file, *why),
                           "write these lines into it by hand");
        }
        return step;
    }

    ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> configuration_task(ReceiverWishes& wishes) {
    return std::make_unique<ConfigurationTask>(wishes);
}

}  // namespace snapferry::setup
