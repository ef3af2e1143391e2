#include "snapferry/send/link/receiver_command.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("the line of authorized_keys lets a key do one thing, with the program's whole path") {
    send::Receiver receiver;
    const auto home = Tag::parse("home");
    CHECK(send::authorized_keys_line(receiver, home, "ssh-ed25519 AAAAC3Nz", "/usr/local/sbin") ==
          "restrict,command=\"sudo -n /usr/local/sbin/snapshot-receive home\" "
          "ssh-ed25519 AAAAC3Nz snapferry");
    receiver.program = "/usr/sbin/snapshot-receive";
    CHECK(
        send::authorized_keys_line(receiver, home, "ssh-rsa AAAAB3Nz", "/usr/local/sbin") ==
        "restrict,command=\"sudo -n /usr/sbin/snapshot-receive home\" ssh-rsa AAAAB3Nz snapferry");
    CHECK(send::receiver_command(receiver, home) == "sudo -n /usr/sbin/snapshot-receive home");
}
