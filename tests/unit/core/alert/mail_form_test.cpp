#include "snapferry/core/alert/mail_form.h"

#include <sstream>

#include "catch.h"

using namespace snapferry;
using namespace snapferry::alert;

namespace {

Envelope envelope() {
    return {"nas@example.org",
            {"me@example.org", "you@example.org"},
            "nas",
            "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
            WallTime(std::chrono::seconds(1'795'000'000))};
}

/// The header of a mail, line by line; and that all is as RFC 5322 has it.
std::vector<std::string> header_of(const std::string& mail) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    for (;;) {
        const auto end = mail.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        const auto line = mail.substr(at, end - at);
        at = end + 2;
        if (line.empty()) {
            return lines;
        }
        CHECK(line.find('\n') == std::string::npos);
        CHECK(line.find('\r') == std::string::npos);
        CHECK(line.size() < 998);
        lines.push_back(line);
    }
}

}  // namespace

TEST_CASE("a mail has the headers that a mail needs, and no more") {
    const auto mail = mail_text(envelope(), {"failure", "[snapferry] nas: home", "It failed.\n"});
    CHECK(mail ==
          "Date: Wed, 18 Nov 2026 11:06:40 +0000\r\n"
          "From: nas@example.org\r\n"
          "To: me@example.org,\r\n you@example.org\r\n"
          "Subject: [snapferry] nas: home\r\n"
          "Message-ID: <1b4e28ba-2fa1-11d2-883f-0016d3cca427@nas>\r\n"
          "MIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n"
          "Auto-Submitted: auto-generated\r\n"
          "X-Snapferry-Event: failure\r\n"
          "\r\n"
          "It failed.\r\n");
}

TEST_CASE("no text of a message makes a header or ends one") {
    for (const std::string evil :
         {"home\r\nBcc: all@example.org", "home\nBcc: x", "home\rBcc: x", "a\r\n\r\nbody",
          "=?UTF-8?Q?=0D=0ABcc:_x?=", "\xff\xfe\n", "home\x1b[2J",
          "x\xe2\x80\xa8"
          "Bcc: x"}) {
        auto at = envelope();
        at.machine = evil;
        const auto lines = header_of(mail_text(at, {evil, evil, evil}));
        for (const auto& line : lines) {
            CHECK_FALSE(line.starts_with("Bcc"));
            CHECK(line.find('\x1b') == std::string::npos);
        }
        CHECK(lines.size() >= 11);
        CHECK(lines.size() <= 13);
    }
}

TEST_CASE("a long subject is cut, and one that is not ASCII is encoded in words of 75") {
    CHECK(header_value("plain") == "plain");
    CHECK(header_value("Müll") == "=?UTF-8?B?TcO8bGw=?=");
    std::string umlauts;
    for (int count = 0; count < 100; ++count) {
        umlauts += "ü";
    }
    std::istringstream words(header_value(umlauts));
    std::string word;
    while (words >> word) {
        CHECK(word.size() <= 75);
    }
    const auto mail =
        mail_text(envelope(), {"failure", std::string(100'000, 'x'), std::string(100'000, 'y')});
    (void)header_of(mail);
    std::istringstream lines(mail);
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.size() <= 320);
    }
}

TEST_CASE("a body is quoted so that every server takes it, and nothing ends the mail") {
    CHECK(quoted_printable("a=b\n") == "a=3Db\r\n");
    CHECK(quoted_printable("ends in a blank \n") == "ends in a blank=20\r\n");
    CHECK(quoted_printable("ü\r\n") == "=C3=BC=0D\r\n");
    CHECK(quoted_printable("no end") == "no end\r\n");
    CHECK(quoted_printable("").empty());
    CHECK(quoted_printable("\n\n") == "\r\n\r\n");
    const auto long_one = quoted_printable(std::string(200, '='));
    std::istringstream lines(long_one);
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.size() <= 77);
    }
}

TEST_CASE("an address is one that no server and no header can take for anything else") {
    for (const auto* const good : {"root", "me@example.org", "a.b+c_d@x-y.example", "o'neil@a.b"}) {
        CHECK(is_mail_address(good));
    }
    for (const std::string bad : {"", "@", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x>", "<a@b>",
                                  "Me <a@b>", "a@b,c@d", "-a@b", "a@b>", "\"a b\"@c", "ä@b"}) {
        CHECK_FALSE(is_mail_address(bad));
    }
    CHECK_FALSE(is_mail_address(std::string(300, 'a')));
}
