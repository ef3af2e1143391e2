#pragma once

#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/run/running_job.h"

/// What the receiver has, by its own words, beside what is here.
namespace snapferry::send {

/// Throws Failure (configuration) where it receives into another tag than is wanted.
void require_tag(const Tag& wanted, const std::string& tag);

/// Takes in what it says first: what each snapshot goes by, how old the newest backup is, and what
/// a person should hear of. Throws Failure where it receives into another tag.
void take_in(RunningJob& run, const wire::Welcome& welcome);

/// Whether the receiver has this snapshot, and how sure that is.
CopyAtReceiver there_of(const RunningJob& run, const LocalSnapshot& snapshot,
                        const wire::Welcome& welcome);

/// What is only remembered of a snapshot that was sent, and is not here any more; nothing where its
/// sending never ended, or its name could not be sent today.
std::optional<LocalSnapshot> from_memory(const SentSnapshot& sent);

/// What a plan is made from; good as long as both, and nothing new has been looked at.
SendSituation situation_of(const RunningJob& run, const wire::Welcome& welcome);

}  // namespace snapferry::send
