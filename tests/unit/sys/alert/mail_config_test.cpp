#include "snapferry/sys/alert/mail_config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using alert::Kind;
using alert::MailTls;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

constexpr auto needed = "[mail]\nserver = \"mail.example.org\"\nfrom = \"a@b.c\"\n";

std::optional<alert::MailSettings> mail_from(const std::string& text) {
    const TemporaryDirectory directory;
    const sys::ConfigFile file(directory.file("x.toml", text), sys::ConfigFile::Trust::any_owner);
    return sys::read_mail(file.root(), {Kind::failure, Kind::stale, Kind::monthly},
                          {Kind::failure, Kind::stale});
}

std::string complaint(const std::string& text) {
    const auto failure = failure_of([&] { (void)mail_from(text); });
    CHECK(failure.code() == ExitCode::configuration);
    return failure.what();
}

void check_complains(const std::string& lines, const std::string& about) {
    const auto said = complaint(needed + lines);
    CAPTURE(said);
    CHECK(said.find("mail." + about + ": ") != std::string::npos);
}

}  // namespace

TEST_CASE("three lines are enough for mail, and then TLS is demanded") {
    CHECK_FALSE(mail_from(""));
    const auto mail = mail_from(std::string(needed) + "to = \"me@example.org\"\n");
    REQUIRE(mail);
    CHECK(mail->tls == MailTls::starttls);
    CHECK(mail->port == 587);
    CHECK(mail->to == std::vector<std::string>{"me@example.org"});
    CHECK(mail->user.empty());
    CHECK(mail->when == std::set<Kind>{Kind::failure, Kind::stale});
}

TEST_CASE("mail may be told all, and each kind of TLS has its port") {
    const auto mail = mail_from(std::string(needed) +
                                "to = [\"a@b.c\", \"root\"]\ntls = \"implicit\"\nuser = \"u\"\n"
                                "password_file = \"/etc/p\"\nca_file = \"/etc/ca\"\n"
                                "when = [\"stale\", \"monthly\"]\n");
    REQUIRE(mail);
    CHECK(mail->port == 465);
    CHECK(mail->to.size() == 2);
    CHECK(mail->when == std::set<Kind>{Kind::stale, Kind::monthly});
    CHECK(mail_from(std::string(needed) + "to = \"r\"\ntls = \"none\"\n")->port == 25);
    CHECK(mail_from(std::string(needed) + "to = \"r\"\nport = 2525\n")->port == 2525);
}

TEST_CASE("what mail is told wrong names its key") {
    check_complains("", "to");
    check_complains("to = []\n", "to");
    check_complains("to = \"a@b\\r\\nBcc: x\"\n", "to");
    check_complains("to = \"a\"\ntls = \"maybe\"\n", "tls");
    check_complains("to = \"a\"\nwhen = [\"alarm\"]\n", "when");
    check_complains("to = \"a\"\nwhen = []\n", "when");
    check_complains("to = \"a\"\nuser = \"u\"\n", "password_file");
    check_complains("to = \"a\"\npassword_file = \"/p\"\n", "user");
    check_complains("to = \"a\"\ntls = \"none\"\nuser = \"u\"\npassword_file = \"/p\"\n", "user");
    check_complains("to = \"a\"\nca_file = \"ca\"\n", "ca_file");
    check_complains("to = \"a\"\nserve = \"x\"\n", "serve");
    for (const auto* const server : {"a b", "smtp://a", "a/b", "-a", "u@a"}) {
        const auto said = complaint(std::string("[mail]\nfrom = \"a@b\"\nto = \"a\"\nserver = \"") +
                                    server + "\"\n");
        CHECK(said.find("mail.server: ") != std::string::npos);
    }
}

TEST_CASE("a password is read only where root alone can") {
    if (::geteuid() != 0) {
        WARN("SKIPPED: only root can make files that belong to root");
        return;
    }
    const TemporaryDirectory directory;
    const auto file = directory.file("password", "secret\nsecond line\n");
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    CHECK(failure_of([&] { (void)sys::read_password(file); }).code() == ExitCode::configuration);
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    CHECK(sys::read_password(file) == "secret");
    const auto empty = directory.file("empty", "\n");
    REQUIRE(::chmod(empty.c_str(), 0600) == 0);
    CHECK(failure_of([&] { (void)sys::read_password(empty); }).code() == ExitCode::configuration);
    CHECK(failure_of([&] { (void)sys::read_password(directory / "none"); }).code() ==
          ExitCode::configuration);
}
