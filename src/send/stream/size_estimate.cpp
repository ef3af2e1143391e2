#include "snapferry/send/stream/size_estimate.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "snapferry/send/stream/stream_size.h"

namespace snapferry::send {
namespace {

/// Also of the thread that the kernel's send will run on, which inherits it.
void give_way_to_others() {
    constexpr int least = 19;
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), least);
}

}  // namespace

SizeEstimate::SizeEstimate(btrfs::SendRequest request, JobProgress& progress)
    : thread_([request = std::move(request), &progress](const std::stop_token& stop) mutable {
          give_way_to_others();
          try {
              if (const auto size = measure_stream(std::move(request), stop)) {
                  progress.set_estimate(size->as_it_lies);
              }
          } catch (const std::exception&) {
              // It is only about a number for the person; the send itself says what fails.
          }
      }) {}

}  // namespace snapferry::send
