#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/alert/standing.h"

/// A message as a mail (RFC 5322), in ASCII alone, whatever it holds.
namespace snapferry::alert {

struct Envelope {
    std::string from;  ///< addresses; see is_mail_address
    std::vector<std::string> to;
    std::string machine;  ///< for the Message-ID
    std::string id;       ///< a uuid: the same mail sent twice is known to be one
    WallTime date{};
};

/// An address that can stand in a header and in an SMTP command: local part and host, or a local
/// part alone, of plain characters; no name, no quotes, no end of a line.
bool is_mail_address(std::string_view text);

/// The whole mail, with CR LF at the end of each line. No byte of a message can make a header, end
/// one or end the mail.
std::string mail_text(const Envelope& envelope, const Message& message);

/// A text as the value of a header: where it is not all plain, in encoded words (RFC 2047).
std::string header_value(std::string_view text);

/// Lines as quoted-printable (RFC 2045), with CR LF.
std::string quoted_printable(std::string_view text);

}  // namespace snapferry::alert
