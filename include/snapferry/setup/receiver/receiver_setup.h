#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/setup/plan.h"
#include "snapferry/core/setup/receiver_facts.h"
#include "snapferry/core/setup/receiver_wishes.h"

/// Makes this machine receive: a disk, a user, a rule of sudo, a line for the sender's key. Every
/// function needs root, and judges by what is there, never by what an earlier run remembers: so a
/// run that was killed is gone on with by the next.
namespace snapferry::setup {

using TellStep = std::function<void(const Step&)>;

/// What would be changed. Changes nothing. Throws Failure (configuration) for wishes that make no
/// sense.
Plan look(const ReceiverWishes& wishes);

/// Does what is to be done, in order; `tell` hears of each step that was done. Throws Failure: with
/// nothing changed where a step is blocked or the plan is no longer the one that was agreed to
/// (busy); after a step that failed, with the steps before it done and that one as it was before.
void carry_out(const ReceiverWishes& wishes, const Plan& agreed, const TellStep& tell);

/// Tests all of it as it is now: the steps, what sudo and sshd really let the user do, the
/// configuration, the disk. Throws nothing of what it looks at: that is a finding.
std::vector<Finding> check(const ReceiverWishes& wishes);

/// The disks of this machine that may hold backups, a line each, for who chooses.
std::vector<std::string> offered_disks();

/// What a person has to type to have the device erased. Throws Failure (configuration) saying why
/// where it must not be, whatever is typed.
std::string words_to_erase(const std::string& device);

/// Throws Failure (configuration) where sshd or its keys cannot be found.
ReceiverFacts receiver_facts(const ReceiverWishes& wishes);

/// What would be taken back of one tag. Its backups stay; the plan's notes name them. `user`: empty
/// for the one whom sudo's rules name.
Plan look_at_removal(const Tag& tag, const std::string& user = {});

/// As carry_out().
void remove(const Tag& tag, const Plan& agreed, const TellStep& tell, const std::string& user = {});

}  // namespace snapferry::setup
