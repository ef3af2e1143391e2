#include "snapferry/setup/sender/sender_setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "../steps/run_tasks.h"
#include "sender_place.h"
#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/setup/sender/daemon.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/ssh/keys/fresh_key.h"
#include "snapferry/sys/ssh/keys/private_key.h"

namespace snapferry::setup {
namespace {

/// For who reads authorized_keys at the receiver: "snapferry-home@nas".
std::string comment_for(const Tag& tag) {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) {
        return "snapferry-" + tag.text();
    }
    return fmt::format("snapferry-{}@{}", tag.text(), name.data());
}

SenderKey key_for(const SenderPlace& place, const SenderWishes& wishes) {
    if (sys::kind_of(place.key_file)) {
        const auto key = ssh::load_private_key(place.key_file);
        return {fmt::format("{} {} {}", ssh::type_name(key), ssh::base64_text(key),
                            comment_for(wishes.tag)),
                {}};
    }
    auto fresh = ssh::make_key(comment_for(wishes.tag));
    return {std::move(fresh.public_line), std::move(fresh.private_text)};
}

/// As replace_file() leaves it when it is killed. Beside a key that somebody made elsewhere, one
/// that ends so may be theirs.
void forget_unfinished_key(const SenderPlace& place) {
    if (is_own_key(place)) {
        auto unfinished = place.key_file;
        unfinished += ".new";
        sys::delete_file(unfinished);
    }
}

/// What one of them goes by may have been done by another, so all of it is looked at anew, and
/// proven, by who called this.
void carry_out_each(const Tasks& tasks, const TellStep& tell) {
    require_no_block(look_at_all(tasks));
    for (const auto& task : tasks) {
        auto step = task->look();
        if (step.state == Step::State::to_do) {
            task->carry_out();
            step.state = Step::State::done;
            tell(step);
        }
    }
}

Finding finding_of(const Step& step) {
    switch (step.state) {
        case Step::State::done:
            return {CheckState::ok, fmt::format("{}: {}", step.name, step.where)};
        case Step::State::left:
            return {CheckState::ok, fmt::format("{}: {}, {}", step.name, step.why, step.advice)};
        case Step::State::to_do:
            return {CheckState::critical,
                    fmt::format("{}: still to do: {} ({})", step.name, step.what, step.where)};
        case Step::State::blocked:
            break;
    }
    return {CheckState::critical, fmt::format("{}: {}; {}", step.name, step.why, step.advice)};
}

Finding finding_of_snapshots(const SenderWishes& wishes) {
    try {
        const auto newest = send::newest_snapshot(wishes.snapshot_dir, wishes.source_tag);
        if (newest) {
            return {CheckState::ok,
                    fmt::format("snapshots: the newest is {}", escape_text(newest->name.text()))};
        }
    } catch (const Failure& failure) {
        return {CheckState::critical, fmt::format("snapshots: {}", failure_text(failure))};
    }
    return {CheckState::critical,
            fmt::format("snapshots: there is none @{} in {}", escape_text(wishes.source_tag),
                        escape_text(wishes.snapshot_dir.native()))};
}

}  // namespace

class SenderSetup::Parts {
  public:
    explicit Parts(SenderWishes wished)
        : wishes(std::move(wished)),
          config(read_sender_config(wishes.config)),
          place(find_place(config, wishes)) {}

    /// Made, or read, when it is first wanted.
    SenderKey& key() {
        if (!key_) {
            key_ = key_for(place, wishes);
        }
        return *key_;
    }

    /// What they go by may have changed since; the key is the one that its file holds.
    void look_anew() {
        key_.reset();
        config = read_sender_config(wishes.config);
        place = find_place(config, wishes);
        with_key = others_with_key(config, place);
        to_receiver = others_to_receiver(config, place, wishes);
    }

    [[nodiscard]] Tasks tasks_of_key() {
        Tasks tasks;
        tasks.push_back(key_task(place, wishes, key()));
        return tasks;
    }

    [[nodiscard]] Tasks tasks() {
        auto tasks = tasks_of_key();
        tasks.push_back(host_key_task(place, wishes, host_keys));
        if (!wishes.make_of.empty()) {
            tasks.push_back(rotation_task(place, wishes));
            tasks.push_back(first_snapshot_task(wishes));
        }
        tasks.push_back(receiver_task(place, wishes));
        tasks.push_back(job_task(place, wishes));
        tasks.push_back(daemon_task(wishes));
        return tasks;
    }

    [[nodiscard]] Tasks tasks_back() const {
        Tasks tasks;
        tasks.push_back(job_away_task(place));
        tasks.push_back(receiver_away_task(place, to_receiver));
        tasks.push_back(host_key_away_task(place, wishes, to_receiver));
        tasks.push_back(key_away_task(place, with_key));
        return tasks;
    }

    SenderWishes wishes;
    SenderConfig config;
    SenderPlace place;
    std::vector<std::string> host_keys;
    std::vector<std::string> with_key;
    std::vector<std::string> to_receiver;

  private:
    std::optional<SenderKey> key_;
};

SenderSetup::SenderSetup(SenderWishes wishes) : parts_(std::make_unique<Parts>(std::move(wishes))) {
    parts_->look_anew();
}

SenderSetup::~SenderSetup() = default;

const std::string& SenderSetup::public_key() {
    return parts_->key().public_line;
}

void SenderSetup::set_host_keys(std::vector<std::string> host_keys) {
    parts_->host_keys = std::move(host_keys);
}

Plan SenderSetup::look() const {
    return look_at_all(parts_->tasks());
}

void SenderSetup::keep_key(const TellStep& tell) {
    const SetupTurn turn;
    carry_out_each(parts_->tasks_of_key(), tell);
    parts_->look_anew();
    require_all_done(look_at_all(parts_->tasks_of_key()));
}

void SenderSetup::carry_out(const TellStep& tell) {
    const SetupTurn turn;
    carry_out_each(parts_->tasks(), tell);
    parts_->look_anew();
    require_all_done(look());
    have_daemon_reload();
}

std::optional<send::Job> SenderSetup::job() const {
    return parts_->place.job_there;
}

std::vector<Finding> SenderSetup::check() const {
    std::vector<Finding> findings;
    const auto plan = look();
    findings.reserve(plan.steps.size() + 1);
    for (const auto& step : plan.steps) {
        findings.push_back(finding_of(step));
    }
    findings.push_back(finding_of_snapshots(parts_->wishes));
    return findings;
}

Plan SenderSetup::look_back() const {
    auto plan = look_at_all(parts_->tasks_back());
    plan.notes.emplace_back(
        "snapshots, what makes them, and what is kept beside them of what was sent, stay");
    return plan;
}

void SenderSetup::take_back(const TellStep& tell) {
    const SetupTurn turn;
    std::optional<sys::FileLock> lock;
    if (parts_->place.job_there) {
        lock = send::lock_job(*parts_->place.job_there);
    }
    carry_out_each(parts_->tasks_back(), tell);
    parts_->look_anew();
    require_all_done(look_at_all(parts_->tasks_back()));
    have_daemon_reload();
}

void SenderSetup::forget_unfinished() {
    const SetupTurn turn;
    for (const auto& file : {parts_->place.config, parts_->place.known_hosts}) {
        sys::forget_unfinished_edit(file);
    }
    forget_unfinished_key(parts_->place);
}

std::optional<std::string> user_at(const std::filesystem::path& config, const std::string& host,
                                   unsigned port) {
    for (const auto& receiver : read_sender_config(config).receivers) {
        if (address_of(receiver.host, receiver.port) == address_of(host, port)) {
            return receiver.user;
        }
    }
    return std::nullopt;
}

std::vector<send::Job> jobs_to(const std::filesystem::path& config, const std::string& host,
                               unsigned port) {
    auto jobs = read_sender_config(config).jobs;
    std::erase_if(jobs, [&](const send::Job& job) {
        const auto& destination = job.receiver.destination;
        return address_of(destination.host, destination.port) != address_of(host, port);
    });
    return jobs;
}

}  // namespace snapferry::setup
