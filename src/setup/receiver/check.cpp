#include <fmt/format.h>
#include <sys/statvfs.h>

#include <functional>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/disk/fstab.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/disk/privacy.h"
#include "snapferry/receive/setup/access.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::setup {
namespace {

using Findings = std::vector<Finding>;

void add(Findings& findings, Findings more) {
    std::move(more.begin(), more.end(), std::back_inserter(findings));
}

/// Does one part; that it cannot be done is what it finds then.
void look_into(Findings& findings, const std::function<void()>& part) {
    try {
        part();
    } catch (const Failure& failure) {
        findings.push_back({CheckState::critical, failure_text(failure)});
    } catch (const std::exception& error) {
        findings.push_back({CheckState::unknown, escape_text(error.what())});
    }
}

Finding finding_of(const Step& step) {
    if (step.state == Step::State::done) {
        return {CheckState::ok, fmt::format("{} ({})", step.what, step.where)};
    }
    const auto state = step.state == Step::State::left ? CheckState::warning : CheckState::critical;
    if (step.state == Step::State::to_do) {
        return {state, fmt::format("this is not so: {} ({}); run the set-up again", step.what,
                                   step.where)};
    }
    return {state, fmt::format("{}: {}{}{}", step.what, step.why, step.advice.empty() ? "" : "; ",
                               step.advice)};
}

/// As the kernel has it, whatever stands in /etc/fstab.
std::vector<std::string> options_of_mount(const std::filesystem::path& directory) {
    struct statvfs data {};
    if (::statvfs(directory.c_str(), &data) != 0) {
        return {};
    }
    std::vector<std::string> options;
    const auto take = [&](unsigned long flag, const char* name) {
        if ((data.f_flag & flag) != 0) {
            options.emplace_back(name);
        }
    };
    take(ST_NOSUID, "nosuid");
    take(ST_NODEV, "nodev");
    take(ST_NOEXEC, "noexec");
    take(ST_NOATIME, "noatime");
    return options;
}

void look_at_disk(Findings& findings, const ReceiverWishes& wishes) {
    const auto config = receive::load_config(receive::config_path);
    if (!config.before_receive.empty()) {
        return;  // it may be away now
    }
    receive::require_sound_disk(config);
    add(findings, receive::check_privacy(config, {wishes.tag}));
    const auto missing = missing_mount_options(options_of_mount(config.target_dir));
    if (!missing.empty()) {
        findings.push_back(
            {CheckState::warning,
             fmt::format("the backup disk is mounted without {}; add that to its line in "
                         "/etc/fstab, and mount it anew",
                         fmt::join(missing, ","))});
    }
}

/// In sudo's own words, beside what cvtsudoers has told.
void ask_sudo(const ReceiverWishes& wishes) {
    require_sound_sudoers();
    const auto program = receiver_program().native();
    const auto answer = ask("sudo", {"-n", "-l", "-U", wishes.user, program, wishes.tag.text()});
    if (!answer.succeeded) {
        throw Failure(ExitCode::configuration,
                      fmt::format("sudo does not let {} run {} {}", wishes.user,
                                  escape_text(program), wishes.tag.text()),
                      fmt::format("see what it goes by: sudo -l -U {}", wishes.user));
    }
}

void ask_sshd() {
    const auto answer = ask("sshd", {"-t"});
    if (!answer.succeeded) {
        throw Failure(ExitCode::configuration,
                      fmt::format("sshd's configuration is not sound: {}", answer.said),
                      "mend it, and see: sshd -t");
    }
}

}  // namespace

std::vector<Finding> check(const ReceiverWishes& wishes) {
    Findings findings;
    look_into(findings, [&] {
        for (const auto& step : look(wishes).steps) {
            findings.push_back(finding_of(step));
        }
    });
    look_into(findings, [&] { ask_sudo(wishes); });
    look_into(findings, [] { ask_sshd(); });
    look_into(findings, [&] { look_at_disk(findings, wishes); });
    look_into(findings, [&] { add(findings, receive::check_access()); });
    return findings;
}

}  // namespace snapferry::setup
