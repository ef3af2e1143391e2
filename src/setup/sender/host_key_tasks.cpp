#include <fmt/format.h>

#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sender/known_host_lines.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::setup {
namespace {

constexpr std::size_t largest = 16 * 1024 * 1024;  // bytes
constexpr mode_t for_everybody = 0644;

std::string text_of_file(const std::filesystem::path& file) {
    return sys::read_small_file(file, largest).value_or("");
}

class HostKeyTask final : public Task {
  public:
    HostKeyTask(const SenderPlace& place, const SenderWishes& wishes,
                const std::vector<std::string>& host_keys)
        : place_(place), name_(known_host_name(wishes.host, wishes.port)), host_keys_(host_keys) {}

    [[nodiscard]] Step look() const override {
        const auto file = escape_text(place_.known_hosts.native());
        const auto found = look_for_host_keys(text_of_file(place_.known_hosts), name_, host_keys_);
        Step step{"host_keys", fmt::format("believe the host keys of {}", escape_text(name_)),
                  file,        {},
                  {},          {},
                  {}};
        if (!found.revoked_type.empty()) {
            return blocked(step,
                           fmt::format("its {} key is revoked in that file: somebody took it back",
                                       escape_text(found.revoked_type)),
                           "find out why before anything else");
        }
        if (!found.other_type.empty()) {
            return blocked(
                step,
                fmt::format("another {} key is known for it: it was set up anew, or was another "
                            "machine",
                            escape_text(found.other_type)),
                fmt::format("only if you know why, run: ssh-keygen -R '{}' -f {}; and then this "
                            "again",
                            escape_text(name_), file));
        }
        if (host_keys_.empty()) {
            return blocked(step, "it has told of none", "see whether an SSH server runs there");
        }
        step.state = found.missing.empty() ? Step::State::done : Step::State::to_do;
        step.shown.reserve(found.missing.size());
        for (const auto& line : found.missing) {
            step.shown.push_back("+ " + escape_text(line));
        }
        return step;
    }

    void carry_out() override {
        sys::edit_carefully(
            place_.known_hosts, for_everybody,
            [this](const std::string& text) {
                return with_host_lines(text, look_for_host_keys(text, name_, host_keys_).missing);
            },
            [](const std::filesystem::path& /*candidate*/) {}, [] {});
    }

  private:
    const SenderPlace& place_;
    std::string name_;
    const std::vector<std::string>& host_keys_;
};

class HostKeyAwayTask final : public Task {
  public:
    HostKeyAwayTask(const SenderPlace& place, const SenderWishes& wishes,
                    const std::vector<std::string>& others)
        : place_(place), name_(known_host_name(wishes.host, wishes.port)), others_(others) {}

    [[nodiscard]] Step look() const override {
        Step step{"host_keys",
                  fmt::format("forget the host keys of {}", escape_text(name_)),
                  escape_text(place_.known_hosts.native()),
                  {},
                  Step::State::to_do,
                  {},
                  {}};
        const auto text = text_of_file(place_.known_hosts);
        if (without_host(text, name_) == text) {
            return done(step);
        }
        if (!others_.empty()) {
            return left(step, fmt::format("[jobs.{}] goes there too", escape_text(others_.front())),
                        "they stay");
        }
        if (place_.known_hosts.parent_path() != place_.config.parent_path()) {
            return left(step, "the file is not snapferry's alone", "they stay");
        }
        step.shown = {fmt::format("- {} ...", escape_text(name_))};
        return step;
    }

    void carry_out() override {
        sys::edit_carefully(
            place_.known_hosts, for_everybody,
            [this](const std::string& text) { return without_host(text, name_); },
            [](const std::filesystem::path& /*candidate*/) {}, [] {});
    }

  private:
    const SenderPlace& place_;
    std::string name_;
    const std::vector<std::string>& others_;
};

}  // namespace

std::unique_ptr<Task> host_key_task(const SenderPlace& place, const SenderWishes& wishes,
                                    const std::vector<std::string>& host_keys) {
    return std::make_unique<HostKeyTask>(place, wishes, host_keys);
}

std::unique_ptr<Task> host_key_away_task(const SenderPlace& place, const SenderWishes& wishes,
                                         const std::vector<std::string>& other_jobs) {
    return std::make_unique<HostKeyAwayTask>(place, wishes, other_jobs);
}

}  // namespace snapferry::setup
