#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/place/manifest_shelf.h"
#include "snapferry/receive/talk/sender_link.h"

namespace snapferry::receive {

/// Takes the manifest that a sender has offered. All of it is read as hostile input while it comes,
/// and kept where it is a manifest from its first byte to its last; before that nobody sees it.
/// Throws SenderLost, or Failure where it is refused; then nothing of it is left.
void take_manifest(const wire::ManifestOffer& offered, ManifestShelf& shelf, SenderLink& link,
                   Log& log);

}  // namespace snapferry::receive
