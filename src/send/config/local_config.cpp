#include "local_config.h"

#include <string>

#include "alert_config.h"

namespace snapferry::send {
namespace {

/// receive.toml of this machine, see receive/setup/config.h.
constexpr auto usual_config = "/etc/snapferry/receive.toml";

}  // namespace

std::optional<Receiver> read_local_receiver(const sys::ConfigTable& table) {
    const auto config = table.text("config");
    if (!table.flag("local").value_or(false)) {
        if (config) {
            table.complain("config", "it is for a receiver with local = true alone");
        }
        return std::nullopt;
    }
    table.allow_only({"local", "config", "stall_timeout", "parallel"});  // there is no SSH
    Receiver receiver;
    receiver.local_config = absolute_path(table, "config", config.value_or(usual_config));
    receiver.destination.host = local_host(receiver.local_config);
    receiver.destination.port = 0;
    receiver.destination.stall_timeout = table.duration("stall_timeout", std::chrono::seconds{10})
                                             .value_or(receiver.destination.stall_timeout);
    receiver.parallel = static_cast<unsigned>(
        table.number("parallel", 1, most_parallel).value_or(receiver.parallel));
    return receiver;
}

void require_nothing_of_ssh(const sys::ConfigTable& job) {
    if (job.text("key")) {
        job.complain("key", "its receiver has local = true: leave this out");
    }
    if (job.text("protocol").value_or("auto") == "raw") {
        job.complain("protocol", "a receiver with local = true speaks snapferry's own alone");
    }
}

}  // namespace snapferry::send
