#include "snapferry/receive/setup/config.h"

#include <unistd.h>

#include <cstdio>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using receive::Config;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

Config config_from(const std::string& text) {
    const TemporaryDirectory directory;
    return receive::load_config(directory.file("receive.toml", text));
}

/// What is wrong with the file, without its directory.
std::string complaint(const std::string& text) {
    const auto failure = failure_of([&] { (void)config_from(text); });
    CHECK(failure.code() == ExitCode::configuration);
    const std::string what = failure.what();
    const auto name = what.find("/receive.toml:");
    CAPTURE(what);
    REQUIRE(name != std::string::npos);
    return what.substr(name + 1);
}

/// The configurations are root's.
bool skip_unless_root() {
    if (::geteuid() != 0)
        std::printf("SKIPPED: only root can make files that belong to root\n");
    return ::geteuid() != 0;
}

}  // namespace

TEST_CASE("one line is enough to configure a receiver") {
    if (skip_unless_root())
        return;
    const auto config = config_from("target_dir = \"/mnt/backups\"\n");
    CHECK(config.target_dir == "/mnt/backups");
    CHECK(config.mount_point == "/mnt/backups");
    CHECK_FALSE(config.has_mount_point);
    CHECK(config.defaults.keep == 7);
    CHECK(config.defaults.min_age == 5 * 24h);
    CHECK(config.tags.empty());
    CHECK(config.nice == 19);
    CHECK(config.io_class == sys::IoClass::idle);
    CHECK(config.checkpoint_every == std::uint64_t{4} << 30);
    CHECK(config.reserve.bytes_of(1000) == 20);
    CHECK(config.checkpoint_interval == 300s);
    CHECK(config.stall_timeout == 120s);
    CHECK(config.before_receive.empty());
    CHECK(config.after_receive.empty());
    CHECK(config.hook_timeout == 60s);
    CHECK_FALSE(config.trust_changed_snapshots);
}

TEST_CASE("everything of a receiver can be configured") {
    if (skip_unless_root())
        return;
    const auto config = config_from(R"(
target_dir = "/mnt/disk/backups"
mount_point = "/mnt/disk"
nice = 0
io_class = "best-effort"
checkpoint_every = "1MiB"
reserve = "10GiB"
checkpoint_interval = "1s"
stall_timeout = "10s"
trust_changed_snapshots = true
before_receive = ["/usr/local/sbin/disk", "on", ""]
after_receive = ["/bin/true"]
hook_timeout = "10min"

[defaults]
keep = 30
min_age = "7d"

[tags.home]
keep = 14
[tags.a_B-9]
min_age = "0s"
)");
    CHECK(config.target_dir == "/mnt/disk/backups");
    CHECK(config.mount_point == "/mnt/disk");
    CHECK(config.has_mount_point);
    CHECK(config.nice == 0);
    CHECK(config.io_class == sys::IoClass::best_effort);
    CHECK(config.checkpoint_every == 1024 * 1024);
    CHECK(config.reserve.bytes_of(1000) == std::uint64_t{10} << 30);
    CHECK(config.checkpoint_interval == 1s);
    CHECK(config.stall_timeout == 10s);
    CHECK(config.before_receive == std::vector<std::string>{"/usr/local/sbin/disk", "on", ""});
    CHECK(config.after_receive == std::vector<std::string>{"/bin/true"});
    CHECK(config.hook_timeout == 600s);
    CHECK(config.trust_changed_snapshots);

    const auto policy = [&](const char* tag) { return config.policy_of(Tag::parse(tag)); };
    CHECK(policy("home").keep == 14);
    CHECK(policy("home").min_age == 7 * 24h);
    CHECK(policy("a_B-9").keep == 30);
    CHECK(policy("a_B-9").min_age == 0s);
    CHECK(policy("another").keep == 30);
    CHECK(policy("another").min_age == 7 * 24h);
}

TEST_CASE("keep may be words, and what a tag says replaces what the defaults say") {
    if (skip_unless_root())
        return;
    const auto config = config_from(R"(
target_dir = "/m"
[defaults]
keep = "7 14d 8w 12m 3y"
[tags.number]
keep = 3
[tags.words]
keep = " 2h  1d "
[tags.nothing]
)");
    const auto policy = [&](const char* tag) { return config.policy_of(Tag::parse(tag)); };
    CHECK(policy("other").keep == 7);
    CHECK(policy("other").periods == ByPeriod<std::size_t>{0, 14, 8, 12, 3});
    CHECK(policy("nothing") == policy("other"));
    CHECK(policy("number") == RetentionPolicy{3});
    CHECK(policy("words").keep == 0);
    CHECK(policy("words").periods == ByPeriod<std::size_t>{2, 1, 0, 0, 0});
}

TEST_CASE(
    "derived tags have their period and a policy, and take what they do not say from their tag") {
    if (skip_unless_root())
        return;
    const auto config = config_from(R"(
target_dir = "/m"
[tags.home]
keep = 3
min_age = "2d"
[tags.home.derive.weekly]
every = "week"
keep = "8 2y"
[tags.home.derive.monthly]
every = "month"
min_age = "0s"
)");
    const auto weekly = Tag::parse("home-weekly");
    REQUIRE(config.derivations_of(Tag::parse("home")).size() == 2);
    CHECK(config.derivations_of(weekly).empty());
    CHECK(config.origin_of(weekly) == "home");
    CHECK_FALSE(config.origin_of(Tag::parse("home")));
    CHECK(config.policy_of(weekly) == RetentionPolicy{8, 2 * 24h, {0, 0, 0, 0, 2}});
    CHECK(config.policy_of(Tag::parse("home-monthly")) == RetentionPolicy{3, 0s});
    CHECK(config.derivations_of(Tag::parse("home"))[0].every == Period::month);
}

TEST_CASE("what is wrong with a receiver's configuration is told with file, line and key") {
    if (skip_unless_root())
        return;
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"nice = 3", "receive.toml:1: target_dir: this key is missing"},
        {"target_dir = 7", "receive.toml:1: target_dir: it must be a text in quotes"},
        {"target_dir = \"mnt\"", "receive.toml:1: target_dir: it must be an absolute path"},
        {"target_dir = \"/mnt/../etc\"", "receive.toml:1: target_dir: it must be an absolute path"},
        {"target_dir = \"/mnt/\"", "receive.toml:1: target_dir: it must be an absolute path"},
        {"target_dir = \"/mnt//x\"", "receive.toml:1: target_dir: it must be an absolute path"},
        {"target_dir = \"/m\"\nmount_point = \"./m\"",
         "receive.toml:2: mount_point: it must be an absolute path"},
        {"target_dir = \"/m\"\nkeep = 7", "receive.toml:2: keep: this key is not known"},
        {"target_dir = \"/m\"\n[defaults]\nkeep = \"7 14x\"",
         "receive.toml:3: defaults.keep: \"14x\" is none of the words that are known; write a "
         "number "
         "such as 7, or words such as \"7 14d 8w 12m 3y\""},
        {"target_dir = \"/m\"\n[tags.home]\nkeep = \" \"",
         "receive.toml:3: tags.home.keep: \" \" says nothing; write a number"},
        {"target_dir = \"/m\"\nnice = 20",
         "receive.toml:2: nice: it must be a whole number from 0 to 19"},
        {"target_dir = \"/m\"\nnice = -1",
         "receive.toml:2: nice: it must be a whole number from 0 to 19"},
        {"target_dir = \"/m\"\nio_class = \"realtime\"",
         "receive.toml:2: io_class: it must be \"idle\" or \"best-effort\""},
        {"target_dir = \"/m\"\ncheckpoint_every = \"1023KiB\"",
         "receive.toml:2: checkpoint_every: it must be at least \"1MiB\""},
        {"target_dir = \"/m\"\nreserve = \"51%\"",
         "receive.toml:2: reserve: it must be a share of up to \"50%\" or a size such as "
         "\"10GiB\""},
        {"target_dir = \"/m\"\ncheckpoint_every = 4",
         "receive.toml:2: checkpoint_every: it must be a text in quotes"},
        {"target_dir = \"/m\"\ncheckpoint_interval = \"0s\"",
         "receive.toml:2: checkpoint_interval: it must be at least \"1s\""},
        {"target_dir = \"/m\"\nstall_timeout = \"9s\"",
         "receive.toml:2: stall_timeout: it must be at least \"10s\""},
        {"target_dir = \"/m\"\ntrust_changed_snapshots = \"yes\"",
         "receive.toml:2: trust_changed_snapshots: it must be true or false"},
        {"target_dir = \"/m\"\nbefore_receive = \"/bin/mount\"",
         "receive.toml:2: before_receive: it must be a list of texts"},
        {"target_dir = \"/m\"\nbefore_receive = []",
         "receive.toml:2: before_receive: it must be a program's absolute path"},
        {"target_dir = \"/m\"\nafter_receive = [\"umount\", \"/m\"]",
         "receive.toml:2: after_receive: it must be a program's absolute path"},
        {"target_dir = \"/m\"\nafter_receive = [\"/bin/umount\", 7]",
         "receive.toml:2: after_receive: each part of it must be a text in quotes"},
        {"target_dir = \"/m\"\nafter_receive = [\"/bin/echo\", \"a\\u0000b\"]",
         "receive.toml:2: after_receive: each part of it must be a text in quotes"},
        {"target_dir = \"/m\"\nhook_timeout = \"0s\"",
         "receive.toml:2: hook_timeout: it must be at least \"1s\""},
        {"target_dir = \"/m\"\nhook_timeout = \"11min\"",
         "receive.toml:2: hook_timeout: it must be at most \"10min\""},
        {"target_dir = \"/m\"\n[defaults]\nkep = 7",
         "receive.toml:3: defaults.kep: this key is not known; did you mean \"keep\"?"},
        {"target_dir = \"/m\"\n[defaults]\nkeep = 0",
         "receive.toml:3: defaults.keep: it must be a whole number from 1 to 1000"},
        {"target_dir = \"/m\"\n[defaults]\nmin_age = \"7\"",
         "receive.toml:3: defaults.min_age: it must be a duration"},
        {"target_dir = \"/m\"\n[tags.home]\n\nkeep = \"all\"",
         "receive.toml:4: tags.home.keep: \"all\" is none of the words that are known; write a"},
        {"target_dir = \"/m\"\n[tags.home.derive.weekly]\nkeep = 3",
         "receive.toml:2: tags.home.derive.weekly.every: this key is missing"},
        {"target_dir = \"/m\"\n[tags.home.derive.weekly]\nevery = \"fortnight\"",
         "receive.toml:3: tags.home.derive.weekly.every: it must be \"day\", \"week\""},
        {"target_dir = \"/m\"\n[tags.home.derive.weekly]\nevery = \"week\"\n[tags.home-weekly]",
         "receive.toml:2: tags.home: home-weekly would be derived from it"},
        {"target_dir = \"/m\"\n[tags.home.derive.\"a b\"]\nevery = \"week\"",
         "receive.toml:2: tags.home.derive.a b: \"home-a b\" cannot be a tag"},
        {"target_dir = \"/m\"\n[tags.home]\nkeep = 1001",
         "receive.toml:3: tags.home.keep: it must be a whole number from 1 to 1000"},
        {"target_dir = \"/m\"\n[tags]\nhome = 7", "receive.toml:3: tags.home: it must be a table"},
        {"target_dir = \"/m\"\n[tags.\"a b\"]\nkeep = 7", "receive.toml:2: tags.a b: "},
        {"target_dir = \"/m\"\n[tags.\"../x\"]\nkeep = 7", "receive.toml:2: tags.../x: "},
    }));
    const auto found = complaint(text);
    CAPTURE(text, found);
    CHECK(found.starts_with(expected));
}

TEST_CASE("a receiver's configuration that others may write is not taken") {
    if (skip_unless_root())
        return;
    const TemporaryDirectory directory;
    const auto file = directory.file("receive.toml", "target_dir = \"/mnt/backups\"\n");
    std::filesystem::permissions(file, std::filesystem::perms{0666});
    CHECK(failure_of([&] { (void)receive::load_config(file); }).code() == ExitCode::configuration);
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    CHECK_NOTHROW((void)receive::load_config(file));
    REQUIRE(::chown(file.c_str(), 1, 1) == 0);
    CHECK(failure_of([&] { (void)receive::load_config(file); }).code() == ExitCode::configuration);
}

TEST_CASE("the example of a receiver's configuration is one") {
    if (skip_unless_root())
        return;
    const auto example =
        snapferry::testing::content_of(SNAPFERRY_DOCS "/../packaging/receive.toml.example");
    REQUIRE_FALSE(example.empty());
    CHECK_NOTHROW((void)config_from(example));
}
