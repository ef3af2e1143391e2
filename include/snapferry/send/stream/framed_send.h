#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/resume/pass_over.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/receiver_channel.h"
#include "snapferry/send/stream/stream_size.h"
#include "snapferry/send/stream/transfer.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// What is to be sent, and how.
struct StreamOrder {
    LocalSnapshot snapshot;
    std::optional<LocalSnapshot> parent{};
    std::optional<Uuid> parent_copy{};  ///< the receiver's copy to build on, where it has told
    stream::Form form = stream::Form::v1;
    std::optional<std::uint32_t> writes{};      ///< filled here, by these; else the kernel makes it
    std::vector<wire::StreamShare> shares{};    ///< of it, that the receiver has already
    std::optional<std::uint32_t> begun_with{};  ///< as `writes`, of what the receiver has
    PassOver pass_over{ReadAgain{}};            ///< likewise
    bool replace = false;               ///< the receiver may have a snapshot that goes by this uuid
    std::optional<int> compression{0};  ///< see CompressionTuning
    bool estimate = false;
    bool measure = false;  ///< what it comes to is told to the receiver, whatever room that has
    std::uint64_t receiver_free_bytes = 0;
};

/// What the kernel is asked for, where the snapshot is read at its own path.
btrfs::SendRequest request_for(const StreamOrder& order);

/// One stream on its way, from the announcement to the word that it is on the receiver's disk.
class FramedSend {
  public:
    FramedSend(ReceiverChannel& link, Log& log, JobProgress& progress, RunReport& report)
        : link_(link), log_(log), progress_(progress), report_(report) {}

    /// Compares what the receiver has with the stream as it is now, where there is any; then
    /// announces it. `draw_secret` is asked for the secret of what this side vouches for, which is
    /// to be remembered before it is announced. When the receiver is ready, `source` says where the
    /// snapshot is to be read: at its own path, or that of a pin of it, of which the kernel makes
    /// the same stream. Throws Failure, also where the receiver refuses it.
    void begin(const StreamOrder& order,
               const std::function<std::optional<wire::Secret>()>& draw_secret,
               const std::function<std::filesystem::path()>& source);

    /// It begins in its middle: what the receiver has is gone on with.
    [[nodiscard]] bool is_resumed() const { return skipped_ > 0; }

    /// Sends the stream, and returns what the receiver says of the copy that it has now, durably.
    /// `before_end` is called before the receiver is told that the stream is whole.
    wire::Durable run(const std::function<void()>& before_end);

  private:
    bool begin_where_it_stopped();
    bool find_where_it_stopped();
    bool compare_with_what_is_there();
    [[nodiscard]] wire::Announce announcement(
        bool goes_on, const std::function<std::optional<wire::Secret>()>& draw_secret);
    [[nodiscard]] std::unique_ptr<StreamSource> make_source(
        std::optional<std::uint32_t> writes) const;
    [[nodiscard]] std::optional<StreamSize> size_where_it_matters();
    void report_sent(std::chrono::steady_clock::duration time);

    ReceiverChannel& link_;
    Log& log_;
    JobProgress& progress_;
    RunReport& report_;
    std::optional<StreamOrder> order_;
    btrfs::SendRequest request_{};
    std::optional<Transfer> transfer_;
    std::uint64_t skipped_ = 0;  ///< bytes of the stream that the receiver has
};

/// Adds to the report what of a stream has gone: one that breaks has been sent as far as it came.
void note_what_was_sent(RunReport& report, const JobProgress::View& at);

/// "12.3 MiB in 1.0 s, 12.3 MiB/s"
std::string amount_text(std::uint64_t bytes, std::chrono::steady_clock::duration time);

}  // namespace snapferry::send
