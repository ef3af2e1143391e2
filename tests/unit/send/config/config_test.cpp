#include "snapferry/send/config/config.h"

#include <unistd.h>

#include <cstdio>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using send::Job;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

std::vector<Job> jobs_from(const std::string& text) {
    const TemporaryDirectory directory;
    return send::load_jobs(directory.file("send.toml", text));
}

/// What is wrong with the file, without its directory.
std::string complaint(const std::string& text) {
    const auto failure = failure_of([&] { (void)jobs_from(text); });
    CHECK(failure.code() == ExitCode::configuration);
    const std::string what = failure.what();
    const auto name = what.find("/send.toml:");
    CAPTURE(what);
    REQUIRE(name != std::string::npos);
    return what.substr(name + 1);
}

constexpr auto receiver = R"([receivers.pi]
host = "pi.lan"
user = "backups"
key = "/root/.ssh/backup"
)";

/// A file with a receiver (lines 1 to 4) and a job (from line 5) with one line more.
std::string with_job(const std::string& line) {
    return std::string(receiver) +
           "[jobs.home]\nsnapshot_dir = \"/data\"\nsource_tag = \"daily\"\ndest_tag = \"home\"\n"
           "to = \"pi\"\n" +
           line;
}

/// The same with one line more in the receiver (line 5).
std::string with_receiver(const std::string& line) {
    return std::string(receiver) + line + with_job("").substr(std::string(receiver).size() - 1);
}

/// The configurations are root's.
bool skip_unless_root() {
    if (::geteuid() != 0)
        std::printf("SKIPPED: only root can make files that belong to root\n");
    return ::geteuid() != 0;
}

}  // namespace

TEST_CASE("a job is configured with where from and where to") {
    if (skip_unless_root())
        return;
    const auto jobs = jobs_from(with_job(""));
    REQUIRE(jobs.size() == 1);
    const auto& job = jobs.front();
    CHECK(job.name == "home");
    CHECK(job.snapshot_dir == "/data");
    CHECK(job.source_tag == "daily");
    CHECK(job.dest_tag.text() == "home");
    CHECK(job.receiver.destination.host == "pi.lan");
    CHECK(job.receiver.destination.port == 22);
    CHECK(job.receiver.destination.user == "backups");
    CHECK(job.receiver.destination.key_file == "/root/.ssh/backup");
    CHECK_FALSE(job.receiver.destination.known_hosts_file);
    CHECK(job.receiver.program == "snapshot-receive");
    CHECK_FALSE(job.receiver.cipher);
    CHECK_FALSE(job.receiver.compression);
    CHECK_FALSE(job.receiver.bandwidth_limit);
    CHECK(job.receiver.parallel == 1);
    CHECK(job.protocol == send::Protocol::automatic);
    CHECK(job.pin);
    CHECK(job.retries == 3);
    CHECK(job.alerts == send::AlertSettings{});
}

TEST_CASE("hooks are for all jobs, and a job may have its own or none") {
    if (skip_unless_root())
        return;
    const auto jobs = jobs_from(with_job("") + R"(
on_success = []
on_failure = ["/usr/local/bin/mine"]
stale_after = "2d"
[jobs.other]
snapshot_dir = "/other"
source_tag = "daily"
dest_tag = "other"
to = "pi"
hook_timeout = "1s"
[hooks]
on_success = ["/usr/bin/curl", "-fsS", "https://ping.example.org/1"]
on_failure = ["/usr/bin/false"]
on_stale = ["/usr/bin/true"]
hook_timeout = "1min"
stale_after = "26h"
)");
    REQUIRE(jobs.size() == 2);
    const auto& home = jobs[0].alerts.hooks;
    CHECK(home.on_success.empty());
    CHECK(home.on_failure == send::HookCommand{"/usr/local/bin/mine"});
    CHECK(home.on_stale == send::HookCommand{"/usr/bin/true"});
    CHECK(home.timeout == 60s);
    CHECK(jobs[0].max_age == 48h);
    const auto& other = jobs[1].alerts.hooks;
    CHECK(other.on_success ==
          send::HookCommand{"/usr/bin/curl", "-fsS", "https://ping.example.org/1"});
    CHECK(other.on_failure == send::HookCommand{"/usr/bin/false"});
    CHECK(other.timeout == 1s);
    CHECK(jobs[1].max_age == 26h);
}

TEST_CASE("how old a backup may be is for all jobs, or for one, by its name or its former one") {
    if (skip_unless_root())
        return;
    CHECK_FALSE(jobs_from(with_job(""))[0].max_age);
    CHECK(jobs_from(with_job("max_age = \"9d\""))[0].max_age == 9 * 24h);
    CHECK(jobs_from(with_job("stale_after = \"9d\""))[0].max_age == 9 * 24h);
    const std::string of_all = "\n[defaults]\nmax_age = \"3d\"\n[hooks]\nstale_after = \"2d\"\n";
    CHECK(jobs_from(with_job("") + of_all)[0].max_age == 3 * 24h);
    CHECK(jobs_from(with_job("max_age = \"1h\"") + of_all)[0].max_age == 1h);
    CHECK(complaint(with_job("max_age = \"1h\"\nstale_after = \"1h\""))
              .find("max_age by its former name") != std::string::npos);
}

TEST_CASE("a hook is a list of texts that begins with an absolute path") {
    if (skip_unless_root())
        return;
    const std::string list = "it must be a list of texts: [\"...\", \"...\"]";
    const std::string path = "its first word, the program, must be an absolute path";
    CHECK(complaint(with_job("on_stale = \"/bin/true\"")) ==
          "send.toml:10: jobs.home.on_stale: " + list);
    CHECK(complaint(with_job("on_failure = [\"/bin/true\", 1]")) ==
          "send.toml:10: jobs.home.on_failure: each part of it must be a text in quotes, "
          "without NUL");
    CHECK(complaint(with_job("on_success = [\"true\"]")) ==
          "send.toml:10: jobs.home.on_success: " + path);
    CHECK(complaint(with_job("on_success = [\"\"]")) ==
          "send.toml:10: jobs.home.on_success: " + path);
    CHECK(complaint(with_job("[hooks]\non_success = [\"true\"]")) ==
          "send.toml:11: hooks.on_success: " + path);
    CHECK(complaint(with_job("[hooks]\nwhen = 1")) ==
          "send.toml:11: hooks.when: this key is not known");
    CHECK(complaint(with_job("hook_timeout = \"0s\"")) ==
          "send.toml:10: jobs.home.hook_timeout: it must be at least \"1s\"");
    CHECK(complaint(with_job("stale_after = \"soon\""))
              .starts_with("send.toml:10: jobs.home.stale_after: it must be a duration"));
}

TEST_CASE("the numbers of all jobs go into one file") {
    if (skip_unless_root())
        return;
    const auto jobs =
        jobs_from("metrics_file = \"/var/lib/m/snapferry.prom\"\n" + with_job("") + R"(
[jobs.a]
snapshot_dir = "/a"
source_tag = "daily"
dest_tag = "a"
to = "pi"
)");
    REQUIRE(jobs.size() == 2);
    const send::MetricsSettings wanted{"/var/lib/m/snapferry.prom", {"a", "home"}};
    for (const auto& job : jobs) {
        REQUIRE(job.alerts.metrics);
        CHECK(*job.alerts.metrics == wanted);
    }
    CHECK(complaint("metrics_file = \"m.prom\"\n" + with_job("")) ==
          "send.toml:1: metrics_file: it must be an absolute path");
}

TEST_CASE(
    "everything of a job and its receiver can be configured, and jobs come in order of name") {
    if (skip_unless_root())
        return;
    const auto jobs = jobs_from(R"(
[receivers.far]
host = "fd00::5"
port = 2222
user = "b"
key = "/k"
known_hosts = "/h"
program = "/opt/sbin/snapshot-receive"
connect_timeout = "5s"
stall_timeout = "10min"
cipher = "chacha20"
compress = "9"
bandwidth_limit = "20MiB/s"
parallel = 4
[jobs.z]
snapshot_dir = "/data/.snapshots"
source_tag = "hourly"
dest_tag = "z"
to = "far"
protocol = "raw"
pin = false
retries = 0
[jobs.a]
snapshot_dir = "/a"
source_tag = "x"
dest_tag = "a"
to = "far"
protocol = "auto"
)");
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].name == "a");
    CHECK(jobs[0].protocol == send::Protocol::automatic);
    const auto& job = jobs[1];
    CHECK(job.receiver.destination.host == "fd00::5");
    CHECK(job.receiver.destination.port == 2222);
    CHECK(job.receiver.destination.known_hosts_file == "/h");
    CHECK(job.receiver.destination.connect_timeout == 5s);
    CHECK(job.receiver.destination.stall_timeout == 600s);
    CHECK(job.receiver.program == "/opt/sbin/snapshot-receive");
    CHECK(job.receiver.cipher == Cipher::chacha20);
    CHECK(job.receiver.compression == 9);
    CHECK(job.receiver.bandwidth_limit == 20U * 1024 * 1024);
    CHECK(job.receiver.parallel == 4);
    CHECK(job.protocol == send::Protocol::raw);
    CHECK_FALSE(job.pin);
    CHECK(job.retries == 0);
}

TEST_CASE("a job may have a key of its own, and a receiver none then") {
    if (skip_unless_root())
        return;
    const auto own = jobs_from(with_job("key = \"/etc/snapferry/keys/home\"")).front();
    CHECK(own.receiver.destination.key_file == "/etc/snapferry/keys/home");
    const std::string keyless =
        "[receivers.pi]\nhost = \"pi\"\nuser = \"backups\"\n[jobs.home]\n"
        "snapshot_dir = \"/s\"\nsource_tag = \"d\"\n"
        "dest_tag = \"home\"\nto = \"pi\"\n";
    CHECK(jobs_from(keyless + "key = \"/k\"\n").front().receiver.destination.key_file == "/k");
    CHECK(std::string(testing::failure_of([&] { (void)jobs_from(keyless); }).what())
              .find("jobs.home.key: this key is missing, here or in [receivers.pi]") !=
          std::string::npos);
}

TEST_CASE("which snapshots go is said by the job, else by the defaults, else it is the newest") {
    if (skip_unless_root())
        return;
    const std::string defaults = "[defaults]\nsend = \"all\"\n";
    CHECK(jobs_from(with_job("")).front().send == SendScope{});
    CHECK(jobs_from(with_job("send = \"all up to 30\"")).front().send == SendScope{true, 30});
    CHECK(jobs_from(defaults + with_job("")).front().send == SendScope{true, {}});
    CHECK(jobs_from(defaults + with_job("send = \"newest\"")).front().send == SendScope{});
    CHECK(
        complaint(with_job("send = \"some\"")) ==
        "send.toml:10: jobs.home.send: it must be \"newest\", \"all\", or \"all up to 30\" with a "
        "number from 1 to 1800");
    CHECK(complaint("[defaults]\nkeep = 3\n" + with_job("")) ==
          "send.toml:2: defaults.keep: this key is not known");
}

TEST_CASE("a manifest is made, passed on where it was received, or neither") {
    if (skip_unless_root())
        return;
    const auto made = jobs_from(with_job("")).front();
    CHECK((made.manifest && made.makes_manifests));
    const auto passed_on = jobs_from(with_job("manifest = \"received\"")).front();
    CHECK((passed_on.manifest && !passed_on.makes_manifests));
    CHECK_FALSE(jobs_from(with_job("manifest = false")).front().manifest);
    CHECK(complaint(with_job("manifest = \"made\"")) ==
          "send.toml:10: jobs.home.manifest: it must be true, false or \"received\"");
}

TEST_CASE("a configuration may have no jobs, or receivers that no job uses") {
    if (skip_unless_root())
        return;
    CHECK(jobs_from("").empty());
    CHECK(jobs_from(receiver).empty());
}

TEST_CASE("what is wrong with a job is told with file, line and key") {
    if (skip_unless_root())
        return;
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"[job.home]", "send.toml:1: job: this key is not known; did you mean \"jobs\"?"},
        {"[receivers.pi]\nhost = \"x\"", "send.toml:1: receivers.pi.user: this key is missing"},
        {"[jobs.home]", "send.toml:1: jobs.home.to: this key is missing"},
        {"[jobs.home]\nto = \"pi\"", "send.toml:2: jobs.home.to: there is no [receivers.pi]"},
        {"jobs = 7", "send.toml:1: jobs: it must be a table, [jobs]"},
        {"[jobs]\nhome = 7", "send.toml:2: jobs.home: it must be a table"},
        {with_job("keep = 7"), "send.toml:10: jobs.home.keep: this key is not known"},
        {with_job("protocol = \"zfs\""),
         "send.toml:10: jobs.home.protocol: it must be \"auto\" or \"raw\""},
        {with_job("pin = \"no\""), "send.toml:10: jobs.home.pin: it must be true or false"},
        {with_job("retries = 101"),
         "send.toml:10: jobs.home.retries: it must be a whole number from 0 to 100"},
        {with_receiver("port = 0"),
         "send.toml:5: receivers.pi.port: it must be a whole number from 1 to 65535"},
        {with_receiver("port = \"22\""),
         "send.toml:5: receivers.pi.port: it must be a whole number"},
        {with_receiver("tag = \"x\""), "send.toml:5: receivers.pi.tag: this key is not known"},
        {with_receiver("known_hosts = \"h\""),
         "send.toml:5: receivers.pi.known_hosts: it must be an absolute path"},
        {with_receiver("stall_timeout = \"1\""),
         "send.toml:5: receivers.pi.stall_timeout: it must be a duration"},
        {with_receiver("stall_timeout = \"9s\""),
         "send.toml:5: receivers.pi.stall_timeout: it must be at least \"10s\""},
        {with_receiver("connect_timeout = \"0s\""),
         "send.toml:5: receivers.pi.connect_timeout: it must be at least \"1s\""},
        {with_receiver("program = \"x; rm\""),
         "send.toml:5: receivers.pi.program: \"x; rm\" has a character that is not allowed here"},
        {with_receiver("cipher = \"3des\""),
         "send.toml:5: receivers.pi.cipher: it is auto, aes-gcm or chacha20"},
        {with_receiver("compress = \"20\""),
         "send.toml:5: receivers.pi.compress: it is auto, off, or a level from 1 to 19"},
        {with_receiver("compress = 9"), "send.toml:5: receivers.pi.compress: it must be a text"},
        {with_receiver("bandwidth_limit = \"20MiB\""),
         "send.toml:5: receivers.pi.bandwidth_limit: it must be a rate such as"},
        {with_receiver("parallel = 0"), "send.toml:5: receivers.pi.parallel: it must be a whole"},
        {with_receiver("program = \"-x\""), "send.toml:5: receivers.pi.program: \"-x\" has"},
        {with_receiver("program = \"$x\""), "send.toml:5: receivers.pi.program: \"$x\" has"},
    }));
    const auto found = complaint(text);
    CAPTURE(text, found);
    CHECK(found.starts_with(expected));
}

TEST_CASE("a receiver on this machine has a configuration and nothing of SSH") {
    if (skip_unless_root()) {
        return;
    }
    const auto with = [](const std::string& lines) {
        return "[receivers.usb]\nlocal = true\n" + lines +
               "[jobs.usb]\nsnapshot_dir = \"/data\"\nsource_tag = \"daily\"\n"
               "dest_tag = \"home\"\nto = \"usb\"\n";
    };
    const auto usual = jobs_from(with("")).front();
    CHECK(usual.receiver.is_local());
    CHECK(send::identity_of(usual).address() == "local:/etc/snapferry/receive.toml");
    const auto other = jobs_from(with("config = \"/etc/snapferry/usb.toml\"\n")).front();
    CHECK(other.receiver.local_config == "/etc/snapferry/usb.toml");
    CHECK_FALSE(send::identity_of(other).shares_tag_with(send::identity_of(usual)));
    for (const auto* const line : {"host = \"pi.lan\"\n", "port = 22\n", "key = \"/key\"\n",
                                   "cipher = \"auto\"\n", "bandwidth_limit = \"1MiB/s\"\n"}) {
        CHECK(complaint(with(line)).starts_with("send.toml:3"));
    }
    CHECK(complaint(with("") + "key = \"/key\"\n").find("local") != std::string::npos);
    CHECK(complaint(with("") + "protocol = \"raw\"\n").find("local") != std::string::npos);
    CHECK(complaint(with_receiver("config = \"/usb.toml\"\n")).find("local") != std::string::npos);
}

TEST_CASE("two jobs into one tag of one receiver are refused, however that is written") {
    if (skip_unless_root()) {
        return;
    }
    const std::string other = "[jobs.other]\nsnapshot_dir = \"/other\"\nsource_tag = \"weekly\"\n";
    const std::string same_receiver =
        "[receivers.same]\nhost = \"PI.lan.\"\nport = 22\nuser = \"other\"\nkey = \"/other\"\n";
    for (const auto& text :
         {with_job(other + "dest_tag = \"home\"\nto = \"pi\"\n"),
          with_job(other + "dest_tag = \"home\"\nto = \"same\"\n" + same_receiver)}) {
        const auto told = complaint(text);
        CHECK(told.find("[jobs.home] and [jobs.other]") != std::string::npos);
        CHECK(told.find("home at pi.lan:22") != std::string::npos);
    }
    CHECK(jobs_from(with_job(other + "dest_tag = \"other\"\nto = \"pi\"\n")).size() == 2);
}

TEST_CASE("jobs of one snapshot directory know of each other") {
    if (skip_unless_root()) {
        return;
    }
    const auto jobs =
        jobs_from(with_job("[jobs.near]\nsnapshot_dir = \"/data/\"\nsource_tag = \"daily\"\n"
                           "dest_tag = \"near\"\nto = \"pi\"\n"
                           "[jobs.apart]\nsnapshot_dir = \"/other\"\nsource_tag = \"daily\"\n"
                           "dest_tag = \"apart\"\nto = \"pi\"\n"));
    REQUIRE(jobs.size() == 3);
    CHECK(jobs[0].others_here.empty());
    CHECK(jobs[1].others_here == std::set{send::identity_of(jobs[2]).file_name()});
    CHECK(jobs[2].others_here == std::set{send::identity_of(jobs[1]).file_name()});
}

TEST_CASE("a job's own fields are held to what they must be") {
    if (skip_unless_root())
        return;
    const auto complaint_about = [](const std::string& before, const std::string& after) {
        auto text = with_job("");
        text.replace(text.find(before), before.size(), after);
        return complaint(text);
    };
    CHECK(complaint_about("\"/data\"", "\"data\"")
              .starts_with("send.toml:6: jobs.home.snapshot_dir: it must be an absolute path"));
    CHECK(
        complaint_about("\"daily\"", "\"a/b\"").starts_with("send.toml:7: jobs.home.source_tag: "));
    CHECK(complaint_about("\"daily\"", "\"\"").starts_with("send.toml:7: jobs.home.source_tag: "));
    CHECK(complaint_about("dest_tag = \"home\"", "dest_tag = \"a b\"")
              .starts_with("send.toml:8: jobs.home.dest_tag: "));
    CHECK(complaint_about("\"pi.lan\"", "\"-oProxyCommand=x\"")
              .starts_with("send.toml:2: receivers.pi.host: "));
    CHECK(
        complaint_about("\"backups\"", "\"a b\"").starts_with("send.toml:3: receivers.pi.user: "));
    CHECK(complaint_about("\"/root/.ssh/backup\"", "\"~/.ssh/backup\"")
              .starts_with("send.toml:4: receivers.pi.key: "));
}

TEST_CASE("a sender's configuration that others may write is not taken") {
    if (skip_unless_root())
        return;
    const TemporaryDirectory directory;
    const auto file = directory.file("send.toml", with_job(""));
    std::filesystem::permissions(file, std::filesystem::perms{0664});
    CHECK(failure_of([&] { (void)send::load_jobs(file); }).code() == ExitCode::configuration);
}

TEST_CASE("the example of a sender's configuration is one") {
    if (skip_unless_root())
        return;
    const auto example =
        snapferry::testing::content_of(SNAPFERRY_DOCS "/../packaging/send.toml.example");
    REQUIRE_FALSE(example.empty());
    CHECK_FALSE(jobs_from(example).empty());
}

TEST_CASE("the tag of the snapshots may be anything that can end a name") {
    CHECK(send::parse_source_tag("hourly") == "hourly");
    CHECK(send::parse_source_tag("a b") == "a b");
    for (const auto* text : {"", "a/b", "a\nb", "\xff"})
        CHECK(failure_of([&] { (void)send::parse_source_tag(text); }).code() == ExitCode::bad_tag);
}
