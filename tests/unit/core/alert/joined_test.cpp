#include "snapferry/core/alert/joined.h"

#include <array>

#include "catch.h"

using namespace snapferry::alert;

namespace {

const Message home{"failure", "[snapferry] nas: home: the backup failed",
                   "home: the backup failed\n\nError: the Pi is away\n"};
const Message media{"recovered", "[snapferry] nas: media: backed up again",
                    "media: backed up again\n\nIt lasted: 2 d\n"};

}  // namespace

TEST_CASE("one message alone stays as it is") {
    const auto mail = joined(std::array{home}, "nas");
    CHECK(mail.subject == home.subject);
    CHECK(mail.body == home.body);
    CHECK(mail.event == "failure");
}

TEST_CASE("of several the subject has what is wrong, and the body all of each") {
    const auto mail = joined(std::array{media, home}, "nas");
    CHECK(mail.subject == "[snapferry] nas: home: the backup failed, and 1 more");
    CHECK(mail.event == "failure");
    CHECK(mail.body.find(home.body) != std::string::npos);
    CHECK(mail.body.find(media.body) != std::string::npos);
    CHECK(mail.body.starts_with("* media: backed up again\n* home: the backup failed\n"));
    CHECK(joined(std::array{media, media}, "nas").event == "recovered");
}

TEST_CASE("no message makes no mail") {
    CHECK_THROWS_AS(joined({}, "nas"), std::logic_error);
}
