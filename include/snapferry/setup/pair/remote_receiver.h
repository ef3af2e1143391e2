#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/setup/plan.h"
#include "snapferry/core/setup/receiver_facts.h"
#include "snapferry/core/setup/receiver_wishes.h"
#include "snapferry/core/setup/sender/talk.h"
#include "snapferry/login/person_login.h"
#include "snapferry/setup/sender/sender_setup.h"

namespace snapferry::setup {

/// The machine that is to receive, over a person's own login: all that is asked goes over one. It
/// may be anybody's: what it says is bounded and checked, and escaped where it is shown. Every
/// function throws Failure: what the machine itself says has failed, or connection, protocol.
class RemoteReceiver {
  public:
    /// Logs in.
    explicit RemoteReceiver(login::PersonLogin& person);
    ~RemoteReceiver();
    RemoteReceiver(const RemoteReceiver&) = delete;
    RemoteReceiver& operator=(const RemoteReceiver&) = delete;
    RemoteReceiver(RemoteReceiver&&) = delete;
    RemoteReceiver& operator=(RemoteReceiver&&) = delete;

    /// See receiver_setup.h.
    Plan look(const ReceiverWishes& wishes);
    void carry_out(const ReceiverWishes& wishes, const Plan& agreed, const TellStep& tell);
    std::vector<Finding> check(const ReceiverWishes& wishes);
    ReceiverFacts facts(const ReceiverWishes& wishes);
    Plan look_back(const ReceiverWishes& wishes);
    void take_back(const ReceiverWishes& wishes, const Plan& agreed, const TellStep& tell);

    /// Bytes a second that the line takes, from a second or two of sending.
    std::uint64_t measure_line();

    /// Nothing more is asked.
    void say_goodbye();

  private:
    void ask(const SetupQuestion& question);
    SetupAnswer answer();
    template <typename Wanted>
    Wanted expect(std::string_view what);
    void hear_steps(const TellStep& tell);

    std::unique_ptr<login::Conversation> conversation_;
    std::string heard_;  ///< that was not taken yet
};

}  // namespace snapferry::setup
