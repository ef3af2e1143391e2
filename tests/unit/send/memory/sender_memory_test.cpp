#include "snapferry/send/memory/sender_memory.h"

#include <fmt/format.h>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/send/memory/left_by_others.h"
#include "snapferry/sys/files/file.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::send;
using snapferry::testing::TemporaryDirectory;

namespace {

class NoLog final : public Log {
  public:
    void write(Severity severity, std::string_view /*line*/) override {
        warnings += severity == Severity::warning ? 1 : 0;
    }
    int warnings = 0;
};

const SnapshotName name = SnapshotName::parse("2026-11-25-@daily").value();
constexpr std::chrono::sys_seconds taken{std::chrono::seconds(1'764'072'000)};

JobIdentity job(const std::filesystem::path& directory, const std::string& host = "pi.lan") {
    return JobIdentity::of(directory.native(), "daily", host, 22, "home");
}

SentSnapshot sent(unsigned number) {
    return {name.text(), uuid(number), 7, uuid(number + 100)};
}

RemoteSnapshot there(unsigned number) {
    return {name, uuid(number), uuid(number + 100)};
}

/// What a job has sent, and has noted.
void remember(const std::filesystem::path& directory, const JobIdentity& identity) {
    NoLog log;
    SenderMemory memory(directory, identity, log);
    memory.arrived(sent(1), taken);
    memory.mirrored(name.text());
    memory.needs_no_former_name();
    memory.save();
    CHECK(log.warnings == 0);
}

/// As an earlier version has, of these receivers.
void remember_formerly(const std::filesystem::path& directory,
                       const std::vector<std::string>& receivers) {
    std::string entries;
    for (const auto& receiver : receivers) {
        entries += fmt::format(
            R"({}"{}": {{"sent": [{{"name": "{}", "uuid": "{}", "transid": 7, "copy": "{}",)"
            R"("unfinished": false}}], "failed": []}})",
            entries.empty() ? "" : ",", receiver, name.text(), uuid(1).text(), uuid(101).text());
    }
    const auto home = sender_home(directory);
    sys::make_private_directory(home);
    sys::replace_file(memory_file(home, "home"),
                      R"({"format": 1, "receivers": {)" + entries + "}}");
}

}  // namespace

TEST_CASE("a job's memory comes back as it was, and is nobody else's") {
    const TemporaryDirectory directory;
    remember(directory / "", job(directory / ""));
    NoLog log;
    const SenderMemory memory(directory / "", job(directory / ""), log);
    CHECK(memory.sent() == std::vector{sent(1)});
    CHECK(memory.last_arrived() == LastArrived{name.text(), sent(1).uuid, sent(1).copy, taken});
    CHECK(memory.former_names().empty());
    const SenderMemory other(directory / "", job(directory / "", "pi2.lan"), log);
    CHECK(other.sent().empty());
    CHECK_FALSE(other.last_arrived());
}

TEST_CASE("when the last one was taken is known when it is here no more") {
    const TemporaryDirectory directory;
    remember(directory / "", job(directory / ""));
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    memory.keep_only({});
    memory.save();
    const SenderMemory later(directory / "", job(directory / ""), log);
    CHECK(later.sent().empty());
    REQUIRE(later.last_arrived());
    CHECK(later.last_arrived()->taken == taken);
}

TEST_CASE("what an earlier version remembered of the same address is taken over") {
    const TemporaryDirectory directory;
    NoLog log;
    remember_formerly(directory / "", {"Pi.lan:22", "pi2.lan:22"});
    CHECK(SenderMemory(directory / "", job(directory / ""), log).sent() == std::vector{sent(1)});
    CHECK(SenderMemory(directory / "", job(directory / ""), log).former_names() ==
          std::set<std::string>{"home"});
    CHECK(SenderMemory(directory / "", job(directory / "", "pi3.lan"), log).sent().empty());
    CHECK_FALSE(was_alone_under_its_tag(sender_home(directory / ""), job(directory / "")));
    remember_formerly(directory / "", {"Pi.lan:22"});
    CHECK(was_alone_under_its_tag(sender_home(directory / ""), job(directory / "")));
    CHECK(log.warnings == 0);
}

TEST_CASE(
    "a job is known under another address by the copies at its receiver, and by nothing else") {
    const TemporaryDirectory directory;
    const bool formerly = GENERATE(false, true);
    if (formerly) {
        remember_formerly(directory / "", {"pi.lan:22"});
    } else {
        remember(directory / "", job(directory / ""));
    }
    NoLog log;
    SenderMemory memory(directory / "", job(directory / "", "10.0.0.5"), log);
    auto only_its_uuid = there(1);
    only_its_uuid.copy.reset();
    auto another_copy = there(1);
    another_copy.copy = uuid(999);
    CHECK_FALSE(memory.take_over({}));
    CHECK_FALSE(memory.take_over({there(2), only_its_uuid, another_copy}));
    CHECK(memory.take_over({there(2), there(1)}));
    CHECK(memory.sent() == std::vector{sent(1)});
    CHECK(memory.former_names().contains(formerly ? "home" : job(directory / "").file_name()));
    CHECK_FALSE(memory.take_over({there(1)}));  // something is remembered
}

TEST_CASE("the note beside the snapshots tells only where no job has written it") {
    const TemporaryDirectory directory;
    const auto file = last_sent_file(directory / "", "daily");
    write_last_sent(file, name);
    CHECK(noted_by_a_classic_script(directory / "", "daily") == name.text());
    remember(directory / "", job(directory / ""));
    CHECK(noted_by_a_classic_script(directory / "", "daily").empty());
    write_last_sent(file, SnapshotName::parse("2026-11-26-@daily").value());
    CHECK(noted_by_a_classic_script(directory / "", "daily") == "2026-11-26-@daily");
    CHECK(noted_by_a_classic_script(directory / "", "weekly").empty());
}

TEST_CASE("a memory of which nothing can be made is said, and is none") {
    for (const auto* const text : {"", "{", "[]", R"({"format": 99})", R"({"format": 2})"}) {
        const TemporaryDirectory directory;
        remember(directory / "", job(directory / ""));
        sys::replace_file(memory_file(sender_home(directory / ""), job(directory / "").file_name()),
                          text);
        NoLog log;
        SenderMemory memory(directory / "", job(directory / ""), log);
        CAPTURE(text);
        CHECK(log.warnings == 1);
        CHECK(memory.sent().empty());
        CHECK_FALSE(memory.last_arrived());
    }
}

TEST_CASE("a job's memory of its disks comes back as it was") {
    const TemporaryDirectory directory;
    NoLog log;
    {
        SenderMemory memory(directory / "", job(directory / ""), log);
        memory.disk_is(uuid(901), {});
        memory.arrived(sent(1), taken);
        memory.needs_pins({uuid(1)});
        memory.disk_is(uuid(902), {});
        CHECK_FALSE(memory.last_arrived());
        memory.begun(sent(1));  // which the other disk has
        memory.is_whole(uuid(1));
        memory.arrived(sent(2), taken + std::chrono::hours{1});
        memory.needs_pins({uuid(2)});
        memory.keep_only({uuid(2)});
        memory.save();
    }
    SenderMemory memory(directory / "", job(directory / ""), log);
    CHECK(memory.last_arrived()->uuid == uuid(2));
    CHECK(memory.newest_arrived()->uuid == uuid(2));
    CHECK(memory.pins_of_absent_disks() == std::set{uuid(1)});
    CHECK(memory.sent() == std::vector{sent(1), sent(2)});
    memory.disk_is(uuid(901), {});
    CHECK(memory.last_arrived()->uuid == uuid(1));
    CHECK(memory.newest_arrived()->uuid == uuid(2));
    CHECK(memory.pins_of_absent_disks() == std::set{uuid(2)});
    CHECK_FALSE(memory.forget_disk(uuid(901)));
    CHECK_FALSE(memory.forget_disk(std::nullopt));
    CHECK(memory.forget_disk(uuid(902)) == std::set{uuid(2)});
    CHECK(memory.pins_of_absent_disks().empty());
    CHECK(log.warnings == 0);
}

TEST_CASE(
    "a disk that never told its uuid can be forgotten, and takes nothing that another needs") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    memory.arrived(sent(1), taken);
    memory.needs_pins({uuid(1), uuid(5)});
    memory.disk_is(uuid(902), {});
    memory.arrived(sent(5), taken);
    CHECK(memory.forget_disk(std::nullopt) == std::set{uuid(1)});
    CHECK(memory.absent_disks().empty());
}

TEST_CASE("what two disks have is told from a forgery on each as long as it is pinned for either") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    const auto send = [&](SentSnapshot snapshot, unsigned disk) {
        snapshot.copy = uuid(1000 * disk + 1);
        memory.arrived(snapshot, taken);
        memory.needs_pins({snapshot.uuid});
    };
    const auto trust = [&](unsigned disk) {
        const std::vector<RemoteSnapshot> remote{{name, uuid(1), uuid(1000 * disk + 1)}};
        return copy_at_receiver(uuid(1), memory.sent(), remote).trust;
    };
    memory.disk_is(uuid(901), {});
    send(sent(1), 1);
    memory.disk_is(uuid(902), {});
    send(sent(1), 2);
    send(sent(2), 2);
    memory.keep_only({uuid(2)});  // 1 is rotated away here, and pinned for the disk that is away
    CHECK(trust(2) == CopyTrust::told);
    CHECK(trust(3) == CopyTrust::foreign);
    memory.disk_is(uuid(901), {});
    CHECK(trust(1) == CopyTrust::told);
    send(sent(3), 1);
    memory.keep_only({uuid(3)});
    CHECK(find_sent(memory.sent(), uuid(1)) == nullptr);  // no longer
}

TEST_CASE("a disk that was seeded under another address is known whatever other disks there were") {
    const TemporaryDirectory directory;
    NoLog log;
    {
        SenderMemory seeding(directory / "", job(directory / "", "local:/etc/x.toml"), log);
        seeding.disk_is(uuid(901), {});
        seeding.arrived(sent(1), taken);
        seeding.disk_is(uuid(902), {});
        seeding.arrived(sent(2), taken);
        seeding.save();
    }
    SenderMemory memory(directory / "", job(directory / ""), log);
    memory.disk_is(uuid(903), {});
    memory.arrived(sent(3), taken);
    memory.disk_is(uuid(901), {there(1)});
    CHECK(memory.take_over({there(1)}));
    CHECK(memory.present_disk().sent == std::vector{sent(1)});
    CHECK(memory.present_disk().disk == uuid(901));
    CHECK(memory.last_arrived()->uuid == uuid(1));
}

TEST_CASE("the secret of a stream that was begun comes back until it has arrived") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    CHECK_FALSE(memory.secret_of(uuid(1)));
    const auto secret = memory.draw_secret(uuid(1));
    REQUIRE(secret);
    CHECK(memory.secret_of(uuid(1)) == secret);
    CHECK_FALSE(memory.secret_of(uuid(2)));
    SenderMemory later(directory / "", job(directory / ""), log);
    CHECK(later.secret_of(uuid(1)) == secret);
    const auto other = later.draw_secret(uuid(1));
    CHECK(other != secret);
    CHECK(later.secret_of(uuid(1)) == other);
    later.arrived(sent(1), taken);
    CHECK_FALSE(later.secret_of(uuid(1)));
}

TEST_CASE("a secret is of one disk, and comes back with it") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    memory.disk_is(uuid(201), {});
    const auto first = memory.draw_secret(uuid(1));
    memory.disk_is(uuid(202), {});
    CHECK_FALSE(memory.secret_of(uuid(1)));
    const auto second = memory.draw_secret(uuid(1));
    CHECK(first != second);
    memory.disk_is(uuid(201), {});
    CHECK(memory.secret_of(uuid(1)) == first);
}

TEST_CASE("of streams that never arrive only the last few are remembered") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "", job(directory / ""), log);
    for (unsigned number = 1; number <= most_begun_streams + 1; ++number) {
        (void)memory.draw_secret(uuid(number));
    }
    CHECK_FALSE(memory.secret_of(uuid(1)));
    CHECK(memory.secret_of(uuid(2)));
}

TEST_CASE("a secret that cannot be written down is none") {
    const TemporaryDirectory directory;
    NoLog log;
    SenderMemory memory(directory / "none" / "snapshots", job(directory / ""), log);
    CHECK_FALSE(memory.draw_secret(uuid(1)));
    CHECK(log.warnings == 1);
}

TEST_CASE("a secret that is torn costs nothing else that is remembered") {
    const TemporaryDirectory directory;
    NoLog log;
    const auto identity = job(directory / "");
    SenderMemory memory(directory / "", identity, log);
    memory.arrived(sent(1), taken);
    (void)memory.draw_secret(uuid(2));
    const auto file = memory_file(sender_home(directory / ""), identity.file_name());
    auto text = sys::read_small_file(file, 1 << 20).value();
    const auto at = text.find("\"secret\": \"");
    REQUIRE(at != std::string::npos);
    text.replace(at, 20, "\"secret\": \"torn");
    sys::replace_file(file, text);
    const SenderMemory later(directory / "", identity, log);
    CHECK(log.warnings == 0);
    CHECK(later.sent() == std::vector{sent(1)});
    CHECK_FALSE(later.secret_of(uuid(2)));
}
