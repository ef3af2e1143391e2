#pragma once

#include <string>

#include "snapferry/core/alert/mail_settings.h"

namespace snapferry::sys {

/// Hands a mail, as mail_text() made it, to the server, with the certificate and its name verified
/// unless TLS is off. Takes two minutes at most. Throws Failure: configuration where the password
/// or the CA cannot be read, authentication where the server refuses the login, host_key where its
/// certificate is not believed, connection for everything else; then it may have it or not, and it
/// may be tried again.
void send_mail(const alert::MailSettings& settings, const std::string& mail);

}  // namespace snapferry::sys
