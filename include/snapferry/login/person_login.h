#pragma once

#include <memory>
#include <string_view>

#include "snapferry/core/asking/request.h"
#include "snapferry/core/ssh/client_settings.h"
#include "snapferry/core/ssh/person_address.h"
#include "snapferry/login/conversation.h"
#include "snapferry/sys/machine/secret.h"
#include "snapferry/sys/processes/person.h"

namespace snapferry::login {

/// The other machine, reached as a person reaches it: by the OpenSSH client with the configuration,
/// the agent and the passwords of whoever is at work here (also by sudo), and by sudo there. ssh
/// asks its own questions on the terminal; the password of sudo is asked for once, without echo.
class PersonLogin {
  public:
    /// From here on a broken pipe is an error, as other failures are, and no signal.
    explicit PersonLogin(PersonAddress address);

    /// Logs in, has `snapferry answer` run there as root, and hands it the request. May be called
    /// again. Throws Failure: connection, host_key, authentication, configuration where snapferry
    /// or sudo is missing there, protocol.
    std::unique_ptr<Conversation> ask(const asking::Request& request);

    /// Where that client would go, as it says itself. Throws Failure (configuration).
    [[nodiscard]] ClientSettings client_settings() const;

    [[nodiscard]] const PersonAddress& address() const { return address_; }

  private:
    [[nodiscard]] std::unique_ptr<Conversation> log_in(std::string_view answerer) const;
    void give_password(const Conversation& conversation, bool again);

    PersonAddress address_;
    sys::Person person_;
    sys::Secret password_;  ///< of sudo there; empty until it was asked for
};

}  // namespace snapferry::login
