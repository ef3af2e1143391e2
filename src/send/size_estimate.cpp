#include "snapferry/send/size_estimate.h"

#include <sys/resource.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/data_size.h"
#include "snapferry/core/stream/reader.h"
#include "snapferry/sys/descriptor_io.h"

namespace snapferry::send {
namespace {

/// Also of the thread that the kernel's send will run on, which inherits it.
void give_way_to_others() {
    constexpr int least = 19;
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), least);
}

/// Nothing where it was told to stop.
std::optional<std::uint64_t> count(btrfs::KernelSend& send, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds attention{200};
    stream::Reader reader;
    std::uint64_t size = stream::stream_header_size;
    while (!stop.stop_requested()) {
        if (!sys::wait_readable(send.descriptor(), attention)) {
            continue;
        }
        const auto read = sys::read_some(send.descriptor(), reader.space(), ExitCode::sending,
                                         "the kernel's stream");
        if (read == 0) {
            send.finish();
            return size;
        }
        reader.commit(read);
        while (const auto command = reader.next()) {
            size += stream::size_with_data(*command);
        }
    }
    return std::nullopt;
}

}  // namespace

SizeEstimate::SizeEstimate(btrfs::SendRequest request, JobProgress& progress)
    : thread_([request = std::move(request), &progress](const std::stop_token& stop) mutable {
          give_way_to_others();
          request.without_data = true;
          try {
              btrfs::KernelSend send(request);
              if (const auto size = count(send, stop)) {
                  progress.set_estimate(*size);
              }
          } catch (const std::exception&) {
              // It is only about a number for the person; the send itself says what fails.
          }
      }) {}

}  // namespace snapferry::send
