#pragma once

#include <functional>
#include <optional>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/stream/reception.h"
#include "snapferry/receive/talk/sender_link.h"

namespace snapferry::receive {

/// Called when a stream is announced: what it is, and how far it is from now on, for as long as the
/// conversation lasts.
using OnStream =
    std::function<void(const wire::Announce& announced, const ReceptionProgress& progress)>;

/// The conversation from `welcome` on, after the sender's hello: a stream, a manifest, or nothing.
/// Returns the last word, which is not said yet; nothing where there was nothing to send. Throws
/// SenderLost, or Failure that the sender has not been told of.
std::optional<wire::Message> talk_in_frames(SenderLink& link, Log& log, const wire::Hello& hello,
                                            const Tag& tag, const Config& config,
                                            OnStream on_stream = {});

}  // namespace snapferry::receive
