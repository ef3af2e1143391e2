#pragma once

#include <filesystem>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/wire/join_token.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/talk/sender_link.h"
#include "snapferry/sys/files/hand_over.h"

namespace snapferry::receive {

/// Where further connections join the exchange of this process: each is served by a process of its
/// own, which hands its input over here and waits.
class JoinPoint {
  public:
    /// Draws the token. Throws Failure (receiving).
    explicit JoinPoint(const std::filesystem::path& place);

    [[nodiscard]] const wire::JoinToken& token() const { return token_; }

    /// The inputs of the `count` connections that have joined, in the order of their numbers. Who
    /// shows another token is passed over. Throws Failure (protocol) where one is missing.
    std::vector<FurtherInput> take(unsigned count);

  private:
    sys::HandOverPlace place_;
    wire::JoinToken token_;
};

/// Where an exchange of the tag is joined; only root comes there.
std::filesystem::path join_place_of(const Tag& tag);

/// The whole of a further connection's process: hands `input` over, says so to the sender, and
/// waits until the exchange is over or this connection no longer wanted. Takes no lock, runs no
/// hook, touches no backup. Throws Failure (protocol) where there is no exchange of the tag to
/// join.
void join_exchange(const std::filesystem::path& place, const wire::Join& join, int input,
                   SenderLink& link);

}  // namespace snapferry::receive
