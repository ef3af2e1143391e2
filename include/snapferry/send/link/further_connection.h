#pragma once

#include "snapferry/core/names/tag.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/link/line.h"
#include "snapferry/sys/ssh/channel.h"
#include "snapferry/sys/ssh/session.h"

namespace snapferry::send {

/// A connection of its own to the receiver, joined to an exchange that another one has begun.
/// Nothing is said over it any more but frames of the stream.
class FurtherConnection {
  public:
    /// Connects, starts the receiver once more and joins. Throws Failure.
    FurtherConnection(const Line& line, const Tag& tag, const wire::Join& join);

    [[nodiscard]] ssh::Channel& channel() { return channel_; }

  private:
    void join(const wire::Join& join);

    ssh::Session session_;
    ssh::Channel channel_;
};

}  // namespace snapferry::send
