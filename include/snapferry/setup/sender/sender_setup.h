#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/setup/plan.h"
#include "snapferry/send/job/job.h"
#include "snapferry/setup/sender/sender_wishes.h"

/// Makes this machine send one tag to one receiver: a key, the receiver's host keys, a receiver and
/// a job in send.toml. It judges by what is there, never by what an earlier run remembers: so a run
/// that was killed is gone on with by the next.
namespace snapferry::setup {

/// See receiver_setup.h.
using TellStep = std::function<void(const Step&)>;

class SenderSetup {
  public:
    /// Looks at what is there, and changes nothing. Throws Failure (configuration).
    explicit SenderSetup(SenderWishes wishes);
    ~SenderSetup();
    SenderSetup(const SenderSetup&) = delete;
    SenderSetup& operator=(const SenderSetup&) = delete;
    SenderSetup(SenderSetup&&) = delete;
    SenderSetup& operator=(SenderSetup&&) = delete;

    /// Of the key to log in with, which may be nowhere yet: "ssh-ed25519 AAAA... comment".
    [[nodiscard]] const std::string& public_key();

    /// "ssh-ed25519 AAAA...": what the receiver shows.
    void set_host_keys(std::vector<std::string> host_keys);

    /// What would be changed.
    [[nodiscard]] Plan look() const;

    /// The key alone: it is kept before the receiver hears of it, or who is interrupted in between
    /// would come back with another one.
    void keep_key(const TellStep& tell);

    /// All that is to be done, in order; a daemon that runs reads its configuration again. Throws
    /// Failure, with the steps before the one that failed done.
    void carry_out(const TellStep& tell);

    /// What send.toml has of it now; nothing where it has no such job.
    [[nodiscard]] std::optional<send::Job> job() const;

    /// Tests what is here: the files, the key, the host keys, the snapshots.
    [[nodiscard]] std::vector<Finding> check() const;

    /// What would be taken back, and that. The key goes last.
    [[nodiscard]] Plan look_back() const;
    void take_back(const TellStep& tell);

    /// Removes what a run that was killed has left beside the files that it changed.
    void forget_unfinished();

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

/// Whom send.toml logs in as at this machine; nothing where it does not know it. Throws Failure
/// (configuration).
std::optional<std::string> user_at(const std::filesystem::path& config, const std::string& host,
                                   unsigned port);

/// The jobs of send.toml that go to this machine; none where there is no such file. Throws Failure
/// (configuration).
std::vector<send::Job> jobs_to(const std::filesystem::path& config, const std::string& host,
                               unsigned port);

}  // namespace snapferry::setup
