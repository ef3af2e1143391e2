#include "snapferry/restore/whole/give_back.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/core/restore/offer.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/derived.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/restore/files/backup_in_force.h"
#include "snapferry/restore/whole/lines.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/link/descriptor_channel.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/stream/framed_send.h"
#include "snapferry/sys/btrfs/kernel_send.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::restore {
namespace {

/// The other side may wait for its person, or for its disk.
constexpr std::chrono::hours patience{24};

/// The other side tells its person by itself what it does; here only what is in trouble is told.
class OnlyTrouble final : public Log {
  public:
    explicit OnlyTrouble(Log& log) : log_(log) {}
    void write(Severity severity, std::string_view line) override {
        if (severity == Severity::warning || severity == Severity::error) {
            log_.write(severity, line);
        }
    }

  private:
    Log& log_;
};

/// As a receiver tells its sender.
std::vector<RemoteSnapshot> all_of(const receive::Config& config, const receive::TagView& view) {
    std::vector<RemoteSnapshot> all;
    std::set<Uuid> there;
    all.reserve(view.inventory.backups.size());
    for (const auto& one : view.inventory.backups) {
        all.push_back({one.name, one.received_uuid, one.copy});
        there.insert(one.copy);
    }
    for (const auto& other : receive::find_stand_ins(config, view.tag)) {
        if (there.insert(other.stands_for).second) {
            all.push_back({other.backup.name, other.backup.received_uuid, other.stands_for});
        }
    }
    return all;
}

Offer offer_of(const receive::Config& config, const receive::TagView& view, const Backup& backup) {
    Offer offer{view.tag, {backup.name, backup.received_uuid, backup.copy}, all_of(config, view)};
    if (const auto origin = config.origin_of(view.tag)) {
        offer.derived_from = Tag::parse(*origin);
    }
    offer.has_manifest = receive::copies_with_manifest(view.target.manifests).contains(backup.copy);
    return offer;
}

/// As the kernel's send will announce it.
LocalSnapshot as_a_snapshot(const receive::TagView& view, const Backup& backup, Log& log) {
    for (auto& snapshot : send::list_snapshots(view.target.snapshots, log)) {
        if (snapshot.own == backup.copy) {
            return std::move(snapshot);
        }
    }
    throw Failure(ExitCode::sending,
                  fmt::format("{} was deleted meanwhile", escape_text(backup.name.text())),
                  "run it again: then another one is offered");
}

send::StreamOrder order_for(const LocalSnapshot& snapshot, const wire::Welcome& welcome) {
    send::StreamOrder order{snapshot};
    order.receiver_free_bytes = welcome.free_bytes;
    order.measure = true;  // a person waits
    order.form = choose_stream({}, btrfs::newest_send_form(), welcome.forms).form;
    const auto& left = welcome.unfinished;
    if (left && left->uuid == snapshot.uuid && !left->parent_uuid) {
        order.form = left->form;
        order.shares = left->shares;
        order.begun_with = left->writes;
        order.pass_over = ReadAgain{"nothing is remembered of what was begun"};
    }
    return order;
}

void send_stream(const LocalSnapshot& snapshot, int input, int output, Log& log) {
    send::DescriptorChannel channel(input, output, log);
    const auto welcome = send::expect<wire::Welcome>(channel.await(), "what it has");
    const bool is_there = std::ranges::any_of(welcome.snapshots, [&](const RemoteSnapshot& there) {
        return there.uuid == snapshot.uuid;
    });
    if (is_there) {
        channel.send(wire::Goodbye{});
        return;
    }
    send::JobProgress progress;
    RunReport report;
    send::FramedSend sending(channel, log, progress, report);
    sending.begin(
        order_for(snapshot, welcome), [] { return std::optional<wire::Secret>(); },
        [&] { return std::filesystem::path(snapshot.path); });
    (void)sending.run([] {});
    (void)send::expect<wire::Result>(channel.await(), "what it kept");
}

/// Its length in bytes on a line, and then it, packed as it is kept.
void send_manifest(const std::filesystem::path& file, int output) {
    const sys::UniqueFd manifest(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat data {};
    if (!manifest || ::fstat(manifest.get(), &data) != 0) {
        throw sys::system_failure(ExitCode::sending, "read " + escape_text(file.native()));
    }
    write_line(output, std::to_string(data.st_size));
    std::array<std::byte, 64 * 1024> piece{};
    for (auto left = static_cast<std::uint64_t>(data.st_size); left > 0;) {
        const auto most = std::span(piece).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), left)));
        const auto count =
            sys::read_some(manifest.get(), most, ExitCode::sending, escape_text(file.native()));
        if (count == 0) {
            throw Failure(ExitCode::sending,
                          fmt::format("{} has become shorter", escape_text(file.native())));
        }
        sys::write_before(std::chrono::steady_clock::now() + patience, output, most.first(count),
                          ExitCode::connection, "to the other side");
        left -= count;
    }
}

}  // namespace

ExitCode give_back(const receive::Config& config, const Wanted& wanted, int input, int output,
                   Log& log) {
    constexpr std::size_t longest_word = 16;
    OnlyTrouble told(log);
    const auto view = receive::look_at_tag(config, wanted.tag);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto backup = backup_in_force(view, wanted.at, now).backup;
    write_line(output, line_of(offer_of(config, view, backup)));
    try {
        for (;;) {
            const auto word = read_line(input, longest_word, patience);
            if (word == wants_stream) {
                send_stream(as_a_snapshot(view, backup, told), input, output, told);
            } else if (word == wants_manifest) {
                send_manifest(receive::manifest_of(view.target.manifests, backup.copy), output);
            } else if (word == wants_nothing_more) {
                return ExitCode::done;
            } else {
                throw Failure(ExitCode::protocol, "the other side wants what there is not");
            }
        }
    } catch (const send::ReceiverFailed& failed) {
        return failed.code();
    }
}

}  // namespace snapferry::restore
