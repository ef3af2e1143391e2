#include "snapferry/sys/ssh/keys/host_key.h"
#include "catch.h"

using snapferry::ExitCode;
using snapferry::Failure;
using snapferry::ssh::OfferedHostKey;

namespace {

const OfferedHostKey on_another_port{"pi", 2222, "ssh-ed25519", "SHA256:abc", "/etc/known hosts"};
const OfferedHostKey on_the_usual_port{"fd00::5", 22, "ecdsa-sha2-nistp256", "SHA256:abc",
                                       std::nullopt};

}  // namespace

TEST_CASE("an unknown host key is shown with the commands that check and take it") {
    const Failure failure = unknown_host_key(on_another_port);
    CHECK(failure.code() == ExitCode::host_key);
    CHECK(std::string(failure.what()) ==
          "the host key of pi port 2222 (ssh-ed25519 SHA256:abc) is not in '/etc/known hosts'");
    CHECK(failure.hint() ==
          "if ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub at the receiver prints this "
          "fingerprint, run: ssh-keyscan -t ed25519 -p 2222 pi >> '/etc/known hosts'");
}

TEST_CASE("the hint names the type of key that was shown and root's own known_hosts") {
    CHECK(known_hosts_missing(on_the_usual_port).hint() ==
          "if ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub at the receiver prints this "
          "fingerprint, run: ssh-keyscan -t ecdsa -p 22 fd00::5 >> ~/.ssh/known_hosts");
}

TEST_CASE("a changed host key has to be forgotten by the name known_hosts has for it") {
    const std::string elsewhere = changed_host_key(on_another_port).hint();
    CHECK(elsewhere.find("ssh-keygen -R '[pi]:2222' -f '/etc/known hosts' && ssh-keyscan") !=
          std::string::npos);
    const std::string usual = changed_host_key(on_the_usual_port).hint();
    CHECK(usual.find("ssh-keygen -R fd00::5 -f ~/.ssh/known_hosts") != std::string::npos);
}
