#pragma once

#include <filesystem>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/talk/framed_session.h"

namespace snapferry::receive {

/// Who started the receiver.
enum class Caller {
    elsewhere,  ///< sshd and sudo, for a sender on another machine
    here,       ///< root's own snapshot-send on this one: it speaks frames alone
};

/// What `snapshot-receive TAG` does: one stream, from the first byte on stdin to the last word on
/// stdout. Throws Failure for what went wrong before the sender could be told, or in a raw stream.
/// Returns the exit code where the sender was told over the wire.
ExitCode serve(const Tag& tag, const std::filesystem::path& config_file, int input, int output,
               Caller caller = Caller::elsewhere);

/// The same conversation for who is no receiver of the configuration: into a place of its own
/// (`config`), with the log here. Throws what failed, once the other side was told: SenderLost
/// where that is gone.
void receive_into(const Tag& tag, const Config& config, int input, int output, Log& log,
                  const OnStream& on_stream);

}  // namespace snapferry::receive
