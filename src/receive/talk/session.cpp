#include "snapferry/receive/talk/session.h"

#include <unistd.h>

#include <chrono>
#include <optional>
#include <span>
#include <variant>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/format.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/setup/hooks.h"
#include "snapferry/receive/setup/telling.h"
#include "snapferry/receive/talk/noted_log.h"
#include "snapferry/receive/talk/opening.h"
#include "snapferry/receive/talk/raw_log.h"
#include "snapferry/receive/talk/raw_session.h"
#include "snapferry/receive/talk/sender_link.h"
#include "snapferry/receive/talk/start_notice.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"

namespace snapferry::receive {
namespace {

using Clock = std::chrono::steady_clock;

void tell_failure(SenderLink& link, const Failure& failure) {
    try {
        link.send(wire::Failed{failure.code(), failure.what(), failure.hint(), failure.may_pass()});
    } catch (const SenderLost&) {
        // There is nobody to tell.
    }
}

/// After the greeting every failure is told over the wire, and only there.
ExitCode serve_framed(const Tag& tag, const std::filesystem::path& config_file, int input,
                      int output, Clock::time_point deadline, Caller caller) {
    sys::write_before(deadline, output, std::as_bytes(std::span(wire::greeting)),
                      ExitCode::connection, "to the sender");
    SenderLink link(input, output, opening_patience);
    NotedLog log(tag, link);
    const auto tell = [&](const Failure& failure) {
        log.note_failure(failure_text(failure));
        tell_failure(link, failure);
        return failure.code();
    };
    try {
        const auto hello = std::get<wire::Hello>(link.first_message(deadline));
        const auto config = load_config(config_file);
        const TellAtTheEnd telling(config, log);
        link.set_stall_timeout(config.stall_timeout);
        if (caller == Caller::elsewhere) {
            tell_how_it_was_started(tag, link);
        }
        std::optional<wire::Message> last_word;
        between_hooks(tag, config, log, [&] {
            blaming_the_disk(config,
                             [&] { last_word = talk_in_frames(link, log, hello, tag, config); });
        });
        if (last_word) {
            link.send(*last_word);
        }
        return ExitCode::done;
    } catch (const ToldToEnd& told) {
        return tell(told);
    } catch (const SenderLost& lost) {
        log.note_failure(lost.what());
        return lost.code();
    } catch (const Failure& failure) {
        return tell(failure);
    } catch (const std::bad_variant_access&) {
        return tell({ExitCode::protocol, "the sender did not say hello"});
    } catch (const std::exception& error) {
        return tell({ExitCode::internal, escape_text(error.what())});
    }
}

void serve_raw(const Tag& tag, const std::filesystem::path& config_file, int input, int output,
               const Opening& opening) {
    const auto config = load_config(config_file);
    RawLog words(output, STDERR_FILENO, config.stall_timeout);
    NotedLog log(tag, words);
    const TellAtTheEnd telling(config, log);
    tell_how_it_was_started(tag, log);
    between_hooks(tag, config, log, [&] {
        blaming_the_disk(config, [&] { receive_raw(tag, config, input, opening, log); });
    });
}

ExitCode serve_whoever_comes(const Tag& tag, const std::filesystem::path& config_file, int input,
                             int output, Caller caller) {
    sys::enlarge_pipe(input);
    const auto deadline = Clock::now() + opening_patience;
    const auto opening = read_opening(input, deadline);
    if (is(opening, wire::greeting)) {
        return serve_framed(tag, config_file, input, output, deadline, caller);
    }
    if (!is(opening, stream::magic) || caller == Caller::here) {
        throw Failure(ExitCode::protocol,
                      "the sender speaks neither snapferry's protocol nor a btrfs stream");
    }
    serve_raw(tag, config_file, input, output, opening);
    return ExitCode::done;
}

}  // namespace

void receive_into(const Tag& tag, const Config& config, int input, int output, Log& log,
                  const OnStream& on_stream) {
    const auto deadline = Clock::now() + opening_patience;
    if (!is(read_opening(input, deadline), wire::greeting)) {
        throw Failure(ExitCode::protocol, "the other side does not speak snapferry's protocol");
    }
    sys::write_before(deadline, output, std::as_bytes(std::span(wire::greeting)),
                      ExitCode::connection, "to the sender");
    SenderLink link(input, output, opening_patience);
    try {
        const auto first = link.first_message(deadline);
        const auto* const hello = std::get_if<wire::Hello>(&first);
        if (hello == nullptr) {
            throw Failure(ExitCode::protocol, "the sender did not say hello");
        }
        link.set_stall_timeout(config.stall_timeout);
        std::optional<wire::Message> result;
        blaming_the_disk(
            config, [&] { result = talk_in_frames(link, log, *hello, tag, config, on_stream); });
        if (result) {
            link.send(*result);
        }
    } catch (const SenderLost&) {
        throw;
    } catch (const Failure& failure) {
        tell_failure(link, failure);
        throw;
    }
}

/// What fails without the wire's own word for it is told on stderr, which is the sender's, too.
ExitCode serve(const Tag& tag, const std::filesystem::path& config_file, int input, int output,
               Caller caller) {
    try {
        return serve_whoever_comes(tag, config_file, input, output, caller);
    } catch (const Failure& failure) {
        sys::JournalNotes("snapshot-receive", tag.text())
            .write(Severity::error, failure_text(failure));
        throw;
    }
}

}  // namespace snapferry::receive
