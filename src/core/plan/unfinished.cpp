#include "snapferry/core/plan/unfinished.h"

#include <fmt/format.h>

#include <utility>

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

/// Empty where neither it nor its parent has failed too often.
std::string why_spent(const wire::Unfinished& unfinished, const Attempts& attempts) {
    if (attempts.is_spent(Kind::checkpoint, unfinished.uuid)) {
        return "to go on with it has failed twice";
    }
    if (unfinished.parent_uuid && attempts.is_spent(Kind::parent, *unfinished.parent_uuid)) {
        return "its parent has failed twice";
    }
    if (attempts.is_spent(Kind::snapshot, unfinished.uuid)) {
        return "the snapshot cannot be sent: it has failed twice";
    }
    return {};
}

/// Empty where its stream can be made again.
std::string why_another_form(stream::Form form, const UnfinishedSituation& situation) {
    if (situation.demanded && *situation.demanded != form) {
        return fmt::format("its stream is {}, and {} is demanded", stream::text_of(form),
                           stream::text_of(*situation.demanded));
    }
    if (form > situation.newest_form) {
        return fmt::format("this kernel cannot make its stream {}", stream::text_of(form));
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

/// Empty where it is to be gone on with.
std::string why_given_up(const wire::Unfinished& unfinished, const UnfinishedSituation& situation) {
    const auto& send = situation.send;
    if (send.force && situation.begun_here != unfinished.uuid) {
        return "a forced send builds on nothing";
    }
    auto why = why_not_readable(unfinished, send);
    if (why.empty()) {
        why = why_spent(unfinished, send.attempts);
    }
    return why.empty() ? why_another_form(unfinished.form, situation) : why;
}

}  // namespace

UnfinishedPlan plan_unfinished(const wire::Unfinished& unfinished,
                               const UnfinishedSituation& situation) {
    // Whoever had the key for a while may have sent the beginning that would be finished now.
    if (situation.trust == wire::ShareTrust::nothing) {
        return GiveUp{"the receiver does not prove what it has of it", true};
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
