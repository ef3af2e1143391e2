#include "snapferry/core/access/authorized_keys.h"

#include "catch.h"

using namespace snapferry;

namespace {

constexpr auto key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxx root@nas";

KeyLine only_line(const std::string& text) {
    const auto lines = parse_authorized_keys(text);
    REQUIRE(lines.size() == 1);
    return lines.front();
}

}  // namespace

TEST_CASE("a key without options has a shell") {
    for (const std::string type :
         {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com",
          "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-ed25519-cert-v01@openssh.com"}) {
        const auto line = only_line(type + " AAAA x");
        CHECK(line.understood);
        CHECK(!line.command);
        CHECK(!line.restricted);
    }
}

TEST_CASE("a forced command is read as sshd reads it, quotes and all") {
    const auto [options, command] = GENERATE(table<std::string, std::string>({
        {R"(restrict,command="sudo -n /usr/local/sbin/snapshot-receive home")",
         "sudo -n /usr/local/sbin/snapshot-receive home"},
        {R"(COMMAND="a b",Restrict)", "a b"},
        {R"(command="say \"hi, there\"",restrict)", R"(say "hi, there")"},
        {R"(command="")", ""},
        {R"(from="10.0.0.0/8,!10.1.2.3",command="x y",no-pty)", "x y"},
    }));
    const auto line = only_line(options + " " + key);
    CHECK(line.understood);
    CHECK(line.command == command);
}

TEST_CASE("restrict takes everything away, and so do its parts together, but no four of them") {
    const std::string all =
        "no-pty,no-port-forwarding,no-agent-forwarding,no-X11-forwarding,no-user-rc";
    CHECK(only_line(std::string("restrict ") + key).restricted);
    CHECK(only_line(all + " " + key).restricted);
    CHECK(!only_line(all.substr(0, all.rfind(',')) + " " + key).restricted);
    CHECK(!only_line(all.substr(all.find(',') + 1) + " " + key).restricted);
    const auto line = only_line(std::string("restrict,pty,environment=\"A=b\" ") + key);
    CHECK(line.restricted);
    CHECK(line.allowed == std::vector<std::string>{"pty", "environment"});
}

TEST_CASE("comments and empty lines are no keys, and lines keep their numbers") {
    const auto lines = parse_authorized_keys(std::string("# mine\n\n  ") + key + "\n\t# x\n" +
                                             "restrict " + key + "\r\n");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].number == 3);
    CHECK(lines[1].number == 5);
    CHECK(parse_authorized_keys("").empty());
}

TEST_CASE("a line that cannot be read is not taken for a harmless one") {
    for (const std::string& text :
         {std::string(R"(command="never closed ssh-ed25519 AAAA)"), std::string("restrict"),
          std::string("restrict, ") + key, std::string("command=x ") + key,
          std::string("AAAAC3NzaC1lZDI1NTE5 root@nas"), std::string("\xff\xfe")}) {
        CHECK(!only_line(text).understood);
    }
}

TEST_CASE("what a forced command does is known only of the one form that is safe") {
    using Kind = ForcedCommand::Kind;
    const auto [command, kind] = GENERATE(table<std::string, Kind>({
        {"sudo -n /usr/local/sbin/snapshot-receive home", Kind::receives},
        {"sudo /usr/local/sbin/snapshot-receive home", Kind::receives},
        {"/usr/bin/sudo -n /usr/sbin/snapshot-receive home_2-x", Kind::receives},
        {"exec sudo -n snapshot-receive home", Kind::receives},
        {"  sudo   snapshot-receive\thome ", Kind::receives},
        {"/usr/local/sbin/snapshot-receive home", Kind::receives},
        {"eval \"$SSH_ORIGINAL_COMMAND\"", Kind::client_decides},
        {"sudo snapshot-receive ${SSH_ORIGINAL_COMMAND##* }", Kind::client_decides},
        {"sudo snapshot-receive home; sh", Kind::other},
        {"sudo snapshot-receive $TAG", Kind::other},
        {"sudo snapshot-receive home other", Kind::other},
        {"sudo snapshot-receive", Kind::other},
        {"sudo snapshot-receive ../home", Kind::other},
        {"sudo -u pi snapshot-receive home", Kind::other},
        {"sudo snapshot-receive `id`", Kind::other},
        {"sudo snapshot-receive home\nsh", Kind::other},
        {"/usr/local/bin/gate home", Kind::other},
        {"", Kind::other},
    }));
    CHECK(parse_forced_command(command).kind == kind);
}

TEST_CASE("of a command that receives, tag, program and sudo are known") {
    const auto command = parse_forced_command("sudo -n /usr/sbin/snapshot-receive home");
    CHECK(command.tag == "home");
    CHECK(command.program == "/usr/sbin/snapshot-receive");
    CHECK(command.by_sudo);
    CHECK(!parse_forced_command("snapshot-receive home").by_sudo);
}
