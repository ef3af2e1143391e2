#include "snapferry/receive/setup/hooks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/receive/place/at_work.h"
#include "snapferry/receive/setup/hook.h"
#include "snapferry/receive/talk/waiting.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::receive {
namespace {

const std::filesystem::path directory = "/run/snapferry";

/// A machine may have several backup disks, each with a configuration of its own: who is at work on
/// another one does not keep this one mounted.
std::filesystem::path at_work_on(const std::filesystem::path& mount_point) {
    wire::StreamDigest digest;
    digest.update(std::as_bytes(std::span(mount_point.native())));
    return directory / ("at-work-" + digest.text());
}

class Hooks {
  public:
    Hooks(const Tag& tag, const Config& config, Log& log) : tag_(tag), config_(config), log_(log) {}

    void before() {
        if (config_.before_receive.empty() && config_.after_receive.empty()) {
            return;
        }
        const auto turn = take_turn();
        auto at_work = std::make_unique<AtWork>(at_work_on(config_.mount_point),
                                                fmt::format("{}.{}", tag_.text(), ::getpid()));
        run("before_receive", config_.before_receive, *at_work, {});
        at_work_ = std::move(at_work);
    }

    void after(ExitCode outcome) {
        if (!at_work_) {
            return;
        }
        try {
            const auto turn = take_turn();
            const auto at_work = std::move(at_work_);
            run("after_receive", config_.after_receive, *at_work,
                {fmt::format("SNAPFERRY_OUTCOME={}", exit_code_name(outcome))});
        } catch (const Failure& failure) {
            log_.warning("{}; {}", failure.what(), failure.hint());
        } catch (const std::exception& error) {
            log_.warning("after_receive: {}", escape_text(error.what()));
        }
    }

  private:
    /// What others do with their hooks is bounded, so the wait for them is too.
    sys::FileLock take_turn() {
        sys::make_private_directory(directory);
        Waiting waiting(log_, "the hook of another receiver");
        const auto deadline = std::chrono::steady_clock::now() + 3 * config_.hook_timeout;
        for (;;) {
            if (auto turn = sys::FileLock::acquire(directory / "hooks.lock", Waiting::interval)) {
                return std::move(*turn);
            }
            if (std::chrono::steady_clock::now() >= deadline) {
                throw Failure(ExitCode::busy, "the hooks of other receivers come to no end",
                              fmt::format("see before_receive and after_receive in {}, and which "
                                          "snapshot-receive is running",
                                          escape_text(config_.file.native())));
            }
            waiting.tell();
        }
    }

    void run(const std::string& name, const std::vector<std::string>& command,
             const AtWork& at_work, std::vector<std::string> environment) {
        if (command.empty()) {
            return;
        }
        environment.push_back("SNAPFERRY_HOOK=" + name);
        environment.push_back("SNAPFERRY_TAG=" + tag_.text());
        environment.push_back("SNAPFERRY_TARGET_DIR=" + config_.target_dir.native());
        environment.push_back("SNAPFERRY_MOUNT_POINT=" + config_.mount_point.native());
        environment.push_back(fmt::format("SNAPFERRY_OTHERS={}", at_work.others()));
        run_hook({name, command, std::move(environment), config_.hook_timeout, config_.file}, log_);
    }

    const Tag& tag_;
    const Config& config_;
    Log& log_;
    std::unique_ptr<AtWork> at_work_;  ///< from before() to after()
};

}  // namespace

void between_hooks(const Tag& tag, const Config& config, Log& log,
                   const std::function<void()>& work) {
    Hooks hooks(tag, config, log);
    hooks.before();
    try {
        work();
    } catch (const Failure& failure) {
        hooks.after(failure.code());
        throw;
    } catch (...) {
        hooks.after(ExitCode::internal);
        throw;
    }
    hooks.after(ExitCode::done);
}

}  // namespace snapferry::receive
