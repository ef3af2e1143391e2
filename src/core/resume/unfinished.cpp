#include "snapferry/core/resume/unfinished.h"

#include <fmt/format.h>

#include <utility>

#include "snapferry/core/plan/newest.h"
#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

using Kind = FailedPart::Kind;

/// Of what was interrupted, what can be read here; a pin would be, under its right uuid.
std::optional<LocalSnapshot> readable(const SendSituation& send, const Uuid& uuid) {
    auto found = find_snapshot(send.local, uuid);
    return found && found->goes_by_pin_only() ? std::nullopt : found;
}

bool is_another_copy(const SendSituation& send, const Uuid& parent,
                     const std::optional<Uuid>& copy) {
    const auto* sent = find_sent(send.sent, parent);
    return sent != nullptr && sent->copy && copy && *sent->copy != *copy;
}

/// Empty where neither it nor its parent has failed too often. A forced send is of the snapshot
/// whatever has failed, but not of what failed in going on.
std::string why_spent(const wire::Unfinished& unfinished, const SendSituation& send) {
    const auto& attempts = send.attempts;
    if (attempts.is_spent(Kind::checkpoint, unfinished.uuid)) {
        return "to go on with it has failed twice";
    }
    if (unfinished.parent_uuid && attempts.is_spent(Kind::parent, *unfinished.parent_uuid)) {
        return "its parent has failed twice";
    }
    if (!send.force && attempts.is_spent(Kind::snapshot, unfinished.uuid)) {
        return "the snapshot cannot be sent: it has failed twice";
    }
    return {};
}

/// Empty where its stream can be made again.
std::string why_another_stream(const wire::Unfinished& unfinished,
                               const UnfinishedSituation& situation) {
    const auto form = unfinished.form;
    if (situation.demanded && *situation.demanded != form) {
        return fmt::format("its stream is {}, and {} is demanded", stream::text_of(form),
                           stream::text_of(*situation.demanded));
    }
    if (form > situation.newest_form) {
        return fmt::format("this kernel cannot make its stream {}", stream::text_of(form));
    }
    if (unfinished.writes && (unfinished.parent_uuid || !can_be_filled(form, *unfinished.writes))) {
        return "its stream was begun in a way that this version does not know";
    }
    return {};
}

/// Empty where the snapshot, and the parent that it builds on, can be read here as they were.
std::string why_not_readable(const wire::Unfinished& unfinished, const SendSituation& send) {
    if (!readable(send, unfinished.uuid)) {
        return "it is no longer here";
    }
    if (!unfinished.parent_uuid) {
        return {};
    }
    if (!readable(send, *unfinished.parent_uuid)) {
        return "its parent is no longer here";
    }
    if (is_another_copy(send, *unfinished.parent_uuid, unfinished.parent_copy)) {
        return "it builds on another copy of its parent than the one that was sent from here";
    }
    return {};
}

/// Empty where nobody has demanded anything else.
std::string why_not_wanted(const wire::Unfinished& unfinished,
                           const UnfinishedSituation& situation) {
    const auto& send = situation.send;
    if (situation.incremental_only && !unfinished.parent_uuid) {
        return "it goes in full, and only an increment is demanded";
    }
    if (!send.force || situation.begun_here == unfinished.uuid) {
        return {};
    }
    if (unfinished.parent_uuid) {
        return "a forced send builds on nothing";
    }
    return situation.newest == unfinished.uuid ? "" : "a forced send is of the newest";
}

/// Empty where the receiver has nothing from here that is newer.
std::string why_too_old(const wire::Unfinished& unfinished, const SendSituation& send) {
    const auto newer = send.force ? std::nullopt
                                  : newer_there(find_snapshot(send.local, unfinished.uuid).value(),
                                                send.known_there, send.now);
    return newer ? fmt::format("the receiver has {} already, which is newer",
                               escape_text(newer->name.text()))
                 : std::string{};
}

/// Empty where it is to be gone on with.
std::string why_given_up(const wire::Unfinished& unfinished, const UnfinishedSituation& situation) {
    const auto& send = situation.send;
    auto why = why_not_wanted(unfinished, situation);
    if (why.empty()) {
        why = why_not_readable(unfinished, send);
    }
    if (why.empty()) {
        why = why_too_old(unfinished, send);
    }
    if (why.empty()) {
        why = why_spent(unfinished, send);
    }
    return why.empty() ? why_another_stream(unfinished, situation) : why;
}

}  // namespace

UnfinishedPlan plan_unfinished(const wire::Unfinished& unfinished,
                               const UnfinishedSituation& situation) {
    // Whoever had the key for a while may have sent the beginning that would be finished now.
    if (situation.trust == wire::ShareTrust::nothing) {
        return GiveUp{"the receiver does not prove what it has of it", true};
    }
    if (situation.arrived.contains(unfinished.uuid)) {
        return GiveUp{"it has arrived in this run, and the receiver says that it has not", true};
    }
    if (auto why = why_given_up(unfinished, situation); !why.empty()) {
        return GiveUp{std::move(why)};
    }
    GoOn plan{readable(situation.send, unfinished.uuid).value()};
    if (unfinished.parent_uuid) {
        plan.parent = readable(situation.send, *unfinished.parent_uuid);
    }
    return plan;
}

}  // namespace snapferry
