#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/restore/offer.h"

/// What makes the next backup an increment: the sender's memory of which copy its snapshot is at
/// the receiver, and a pin of it.
namespace snapferry::restore {

/// Whose memory it becomes: the jobs that are configured for these snapshots and this tag; where
/// there is none yet, a job at this host, which the one that is set up later recognizes as itself
/// by the receiver's copies.
std::vector<JobIdentity> jobs_meant(const std::vector<JobIdentity>& configured,
                                    const std::filesystem::path& into, const Offer& offer,
                                    const std::string& host);

/// Pins the snapshot that has come back and remembers which copy it is at the receiver, as if it
/// had been sent from here. Of a derived backup only its uuid is known there: nothing is
/// remembered. Throws Failure (sending).
void remember(const std::vector<JobIdentity>& jobs, const std::filesystem::path& into,
              const Offer& offer, Log& log);

/// What would be sent now: a snapshot of `as` is made in `room`, planned as a run plans, and
/// deleted. Throws Failure (sending).
SendPlan plan_of_next(const JobIdentity& job, const std::filesystem::path& into,
                      const std::filesystem::path& as, const std::filesystem::path& room,
                      const Offer& offer, Log& log);

}  // namespace snapferry::restore
