#include "snapferry/send/manifest/delivery.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/link/open_link.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {
namespace {

constexpr std::size_t most_in_a_frame = std::size_t{256} * 1024;  // bytes

/// What a receiver warns of was said in the exchange before, and is said in the next.
class ToldBefore final : public Log {
  public:
    explicit ToldBefore(Log& log) : log_(log) {}

    void write(Severity severity, std::string_view line) override {
        log_.write(severity == Severity::warning ? Severity::debug : severity, line);
    }

  private:
    Log& log_;
};

bool is_wanted(const WantedManifest& wanted, const wire::Welcome& welcome) {
    return std::any_of(welcome.snapshots.begin(), welcome.snapshots.end(),
                       [&](const RemoteSnapshot& there) {
                           return there.copy == wanted.copy && there.uuid == wanted.snapshot.uuid &&
                                  there.has_manifest == false;
                       });
}

void send_bytes(const MadeManifest& made, ReceiverChannel& link) {
    if (::lseek(made.file.get(), 0, SEEK_SET) != 0) {
        throw sys::system_failure(ExitCode::sending, "go to the beginning of a manifest");
    }
    std::vector<std::byte> frame(wire::frame_header_size + most_in_a_frame);
    const auto payload = std::span(frame).subspan(wire::frame_header_size);
    while (const auto count =
               sys::read_some(made.file.get(), payload, ExitCode::sending, "a manifest")) {
        const auto header =
            wire::encode_frame_header({wire::FrameType::data, static_cast<std::uint32_t>(count)});
        std::copy(header.begin(), header.end(), frame.begin());
        link.send_frame(std::span(frame).first(wire::frame_header_size + count));
        link.listen();
    }
}

}  // namespace

bool deliver(const MadeManifest& made, const WantedManifest& wanted, const Job& job, Line& line,
             Log& log) {
    ToldBefore less(log);
    const auto opened = open_link(line, job.dest_tag, less);
    auto& link = *opened;
    const auto welcome = expect<wire::Welcome>(link.await(), "what it has");
    require_tag(job.dest_tag, welcome.tag);
    if (!is_wanted(wanted, welcome)) {
        link.send(wire::Goodbye{});
        return false;
    }
    link.send(wire::ManifestOffer{wanted.copy, wanted.snapshot.uuid, made.bytes});
    (void)expect<wire::Ready>(link.await(), "that the manifest may come");
    send_bytes(made, link);
    link.send(wire::ManifestEnd{made.digest});
    (void)expect<wire::ManifestKept>(link.await(), "that it keeps the manifest");
    return true;
}

}  // namespace snapferry::send
