#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/send/link/line.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// What is run at the receiver: one program with one argument, by way of sudo.
std::string receiver_command(const Receiver& receiver, const Tag& tag);

/// Starts it, over a connection that is made where there is none. Throws Failure as ssh::Session
/// does; where the key is refused, the hint has the whole line that lets it in, and lets it do this
/// one thing only.
ssh::Channel start_receiver(Line& line, const Tag& tag, Log& log);

/// The line of authorized_keys that lets a key (`public_key`: type and base64 text) receive into
/// one tag. A program that is named without its path is taken to lie there in `place`.
std::string authorized_keys_line(const Receiver& receiver, const Tag& tag,
                                 const std::string& public_key, const std::filesystem::path& place);

}  // namespace snapferry::send
