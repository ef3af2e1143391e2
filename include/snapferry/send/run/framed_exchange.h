#pragma once

#include "snapferry/core/plan/missed.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/resume/attempts.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/link/receiver_channel.h"
#include "snapferry/send/run/running_job.h"
#include "snapferry/send/stream/framed_send.h"

namespace snapferry::send {

/// One stream, or none, to a receiver that speaks snapferry's protocol: it says what it has, it is
/// decided what to send, that goes, and its arrival is noted.
class FramedExchange {
  public:
    /// `link`: to the receiver, which has been greeted and has not been listened to.
    FramedExchange(RunningJob& run, ReceiverChannel& link) : run_(run), link_(link) {}

    /// True where there may be more to do, over another link. Throws Failure; what says something
    /// about what was sent is then remembered.
    bool exchange();

  private:
    [[nodiscard]] bool wants_another_cipher(const SendPlan& plan, const wire::Welcome& welcome);
    bool finish(StreamOrder order);
    bool send_next(const SendPlan& plan, const SnapshotsToSend& series,
                   const wire::Welcome& welcome);
    bool send(StreamOrder order);
    void send_and_conclude(const StreamOrder& order, Attempt& attempt);
    void estimate(const StreamOrder& order);
    void estimate_all(StreamOrder order, const SnapshotsToSend& series);
    void note_begun_afresh(const LocalSnapshot& snapshot);
    void accept_as_it_is(const LocalSnapshot& snapshot, const wire::Welcome& welcome);
    bool say_goodbye(const wire::Goodbye& goodbye = {});

    RunningJob& run_;
    ReceiverChannel& link_;
};

}  // namespace snapferry::send
