#include <fmt/format.h>

#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::setup {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

/// Of the two directories that a key may need, the upper one is everybody's to look into.
void make_key_directory(const std::filesystem::path& directory) {
    constexpr unsigned for_everybody = 0755;
    const auto above = directory.parent_path();
    if (!sys::kind_of(above)) {
        sys::make_private_directory(above);
        std::error_code error;
        std::filesystem::permissions(above, std::filesystem::perms{for_everybody}, error);
    }
    sys::make_private_directory(directory);
    sys::sync_directory_of(directory, ExitCode::configuration);
}

class KeyTask final : public Task {
  public:
    KeyTask(const SenderPlace& place, const SenderWishes& wishes, const SenderKey& key)
        : place_(place), wishes_(wishes), key_(key) {}

    [[nodiscard]] Step look() const override {
        Step step{"key",
                  fmt::format("make a key of its own for {}", wishes_.tag.text()),
                  shown(place_.key_file),
                  {"+ " + escape_text(key_.public_line)},
                  Step::State::to_do,
                  {},
                  {}};
        return key_.private_text.text().empty() ? done(step) : step;
    }

    void carry_out() override {
        if (sys::kind_of(place_.key_file)) {
            throw Failure(ExitCode::busy,
                          fmt::format("{} has appeared meanwhile", shown(place_.key_file)),
                          "run it again");
        }
        make_key_directory(place_.key_file.parent_path());
        sys::replace_file(place_.key_file, key_.private_text.text());
    }

  private:
    const SenderPlace& place_;
    const SenderWishes& wishes_;
    const SenderKey& key_;
};

/// A key that somebody has made elsewhere is that person's to delete.
class KeyAwayTask final : public Task {
  public:
    KeyAwayTask(const SenderPlace& place, const std::vector<std::string>& others)
        : place_(place), others_(others) {}

    [[nodiscard]] Step look() const override {
        Step step{"key",
                  "delete the key that the receiver no longer takes",
                  shown(place_.key_file),
                  {fmt::format("$ rm {}", shown(place_.key_file))},
                  Step::State::to_do,
                  {},
                  {}};
        if (!sys::kind_of(place_.key_file)) {
            return done(step);
        }
        if (!others_.empty()) {
            return left(step, fmt::format("[jobs.{}] goes by it", escape_text(others_.front())),
                        "it stays");
        }
        if (!is_own_key(place_)) {
            return left(step,
                        fmt::format("it is not in {}, so somebody made it",
                                    shown(directory_of_keys(place_.config))),
                        "delete it by hand where nothing else goes by it");
        }
        return step;
    }

    void carry_out() override { sys::delete_file(place_.key_file); }

  private:
    const SenderPlace& place_;
    const std::vector<std::string>& others_;
};

}  // namespace

std::unique_ptr<Task> key_task(const SenderPlace& place, const SenderWishes& wishes,
                               const SenderKey& key) {
    return std::make_unique<KeyTask>(place, wishes, key);
}

std::unique_ptr<Task> key_away_task(const SenderPlace& place,
                                    const std::vector<std::string>& other_jobs) {
    return std::make_unique<KeyAwayTask>(place, other_jobs);
}

}  // namespace snapferry::setup
