#include "snapferry/core/plan/identity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

/// A uuid of version 8 (RFC 9562: made by a rule of one's own). It need not withstand an enemy: who
/// can choose its input has the snapshots themselves.
Uuid derived_uuid(const Uuid& own, std::uint64_t transid) {
    std::array<std::byte, Uuid::size + sizeof transid> input{};
    std::copy(own.bytes().begin(), own.bytes().end(), input.begin());
    for (std::size_t index = 0; index < sizeof transid; ++index) {
        input.at(Uuid::size + index) = static_cast<std::byte>(transid >> (8 * index));
    }
    XXH128_canonical_t canonical{};
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(input.data(), input.size()));
    std::array<std::byte, Uuid::size> bytes{};
    std::transform(std::begin(canonical.digest), std::end(canonical.digest), bytes.begin(),
                   [](unsigned char value) { return static_cast<std::byte>(value); });
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x80};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    return Uuid(bytes);
}

bool inherits(const LocalSnapshot& snapshot) {
    return snapshot.announced != snapshot.own && snapshot.changed_since_received;
}

/// Of several snapshots with one received uuid that differ, only the least changed can be the one
/// that was received.
void distrust_changed_twins(std::vector<LocalSnapshot>& local) {
    std::map<Uuid, std::uint64_t> least;
    const auto counts = [](const LocalSnapshot& one) {
        return !one.pinned && one.announced != one.own;
    };
    for (const auto& one : local) {
        if (counts(one)) {
            const auto found = least.try_emplace(one.announced, one.transid).first;
            found->second = std::min(found->second, one.transid);
        }
    }
    for (auto& one : local) {
        one.changed_since_received =
            one.changed_since_received || (counts(one) && one.transid > least.at(one.announced));
    }
}

struct Identity {
    Uuid uuid;
    std::string why_its_own{};  ///< empty where it goes by what it is called
};

class Identifier {
  public:
    Identifier(std::span<const LocalSnapshot> local, std::span<const SentSnapshot> sent,
               std::span<const RemoteSnapshot> remote)
        : local_(local), sent_(sent), remote_(remote) {}

    [[nodiscard]] Identity of(const LocalSnapshot& snapshot) const {
        if (snapshot.pinned) {
            return {snapshot.announced};
        }
        if (inherits(snapshot)) {
            auto identity = by_changes(snapshot, snapshot.own);
            identity.why_its_own =
                "it carries the received uuid of something that was changed since, and goes under "
                "a uuid of its own";
            return identity;
        }
        return by_changes(snapshot, snapshot.announced);
    }

  private:
    [[nodiscard]] Identity by_changes(const LocalSnapshot& snapshot, const Uuid& uuid) const {
        if (const auto* pin = pin_of(snapshot); pin != nullptr && may_go_by(snapshot, *pin)) {
            return {pin->announced};
        }
        const Identity as_another{
            derived_uuid(snapshot.own, snapshot.transid),
            "it was changed since it was sent or made: what was sent is another snapshot, and this "
            "one goes under a uuid of its own"};
        if (const auto* sent = find_sent(sent_, uuid)) {
            return sent->transid == snapshot.transid ? Identity{uuid} : as_another;
        }
        return was_pinned_otherwise(snapshot, uuid) || may_differ_there(snapshot, uuid)
                   ? as_another
                   : Identity{uuid};
    }

    [[nodiscard]] const LocalSnapshot* pin_of(const LocalSnapshot& snapshot) const {
        const auto found =
            std::find_if(local_.begin(), local_.end(), [&](const LocalSnapshot& one) {
                return one.pinned && one.origin == snapshot.own &&
                       one.stands_for == snapshot.transid;
            });
        return found == local_.end() ? nullptr : &*found;
    }

    /// An earlier version pinned also what inherited its uuid under that.
    static bool may_go_by(const LocalSnapshot& snapshot, const LocalSnapshot& pin) {
        return !(inherits(snapshot) && pin.announced == snapshot.announced);
    }

    [[nodiscard]] bool was_pinned_otherwise(const LocalSnapshot& snapshot, const Uuid& uuid) const {
        return std::any_of(local_.begin(), local_.end(), [&](const LocalSnapshot& one) {
            return one.pinned && one.announced == uuid && one.origin == snapshot.own &&
                   one.stands_for != snapshot.transid;
        });
    }

    /// Nothing is remembered of sending it, so it may have been changed before or after.
    [[nodiscard]] bool may_differ_there(const LocalSnapshot& snapshot, const Uuid& uuid) const {
        return uuid == snapshot.own && snapshot.changed_since_made &&
               std::any_of(remote_.begin(), remote_.end(),
                           [&](const RemoteSnapshot& other) { return other.uuid == uuid; });
    }

    std::span<const LocalSnapshot> local_;
    std::span<const SentSnapshot> sent_;
    std::span<const RemoteSnapshot> remote_;
};

}  // namespace

const SentSnapshot* find_sent(std::span<const SentSnapshot> sent, const Uuid& uuid) {
    const auto found = std::find_if(sent.begin(), sent.end(),
                                    [&](const SentSnapshot& one) { return one.uuid == uuid; });
    return found == sent.end() ? nullptr : &*found;
}

const SentSnapshot* last_arrived(std::span<const SentSnapshot> sent) {
    const auto found = std::find_if(sent.rbegin(), sent.rend(),
                                    [](const SentSnapshot& one) { return !one.unfinished; });
    return found == sent.rend() ? nullptr : &*found;
}

std::vector<std::string> identify(std::vector<LocalSnapshot>& local,
                                  std::span<const SentSnapshot> sent,
                                  std::span<const RemoteSnapshot> remote) {
    distrust_changed_twins(local);
    std::vector<std::string> told;
    const auto as_they_are = local;
    const Identifier identifier(as_they_are, sent, remote);
    for (auto& snapshot : local) {
        const auto identity = identifier.of(snapshot);
        snapshot.uuid = identity.uuid;
        if (!identity.why_its_own.empty()) {
            told.push_back(
                fmt::format("{}: {}", escape_text(snapshot.name.text()), identity.why_its_own));
        }
    }
    return told;
}

CopyAtReceiver copy_at_receiver(const Uuid& uuid, std::span<const SentSnapshot> sent,
                                std::span<const RemoteSnapshot> remote) {
    std::vector<RemoteSnapshot> copies;
    std::copy_if(remote.begin(), remote.end(), std::back_inserter(copies),
                 [&](const RemoteSnapshot& other) { return other.uuid == uuid; });
    if (copies.empty()) {
        return {};
    }
    const auto& oldest = copies.back();
    if (!oldest.copy) {
        return {CopyTrust::untold, oldest};
    }
    const auto* record = find_sent(sent, uuid);
    if (record != nullptr && record->unfinished) {  // whoever made it whole, it was not this side
        return {CopyTrust::foreign, copies.front()};
    }
    if (record == nullptr || !record->copy) {
        return {CopyTrust::first_contact, oldest};
    }
    const auto found = std::find_if(copies.begin(), copies.end(), [&](const RemoteSnapshot& other) {
        return other.copy == record->copy;
    });
    return found == copies.end() ? CopyAtReceiver{CopyTrust::foreign, copies.front()}
                                 : CopyAtReceiver{CopyTrust::told, *found};
}

}  // namespace snapferry
