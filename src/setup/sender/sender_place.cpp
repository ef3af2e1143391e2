#include "sender_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/setup/sender/sender_names.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/config/config_file.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::setup {
namespace {

constexpr unsigned usual_port = 22;
constexpr unsigned largest_port = 65535;

/// Where libssh looks without a file of the receiver's own.
std::filesystem::path known_hosts_of_root() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment
    const char* const home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "/root" : home) / ".ssh/known_hosts";
}

KnownReceiver read_receiver(const std::string& name, const sys::ConfigTable& table) {
    KnownReceiver receiver;
    receiver.name = name;
    if (table.flag("local").value_or(false)) {  // nobody is paired with it, but it has its name
        receiver.host = JobIdentity::local_prefix;
        return receiver;
    }
    receiver.host = table.required_text("host");
    receiver.port =
        static_cast<unsigned>(table.number("port", 1, largest_port).value_or(usual_port));
    receiver.user = table.required_text("user");
    receiver.has_person = table.text("person").has_value();
    if (const auto file = table.text("known_hosts")) {
        receiver.known_hosts = *file;
    }
    return receiver;
}

std::set<std::string> names_of(const std::vector<KnownReceiver>& receivers) {
    std::set<std::string> names;
    for (const auto& receiver : receivers) {
        names.insert(receiver.name);
    }
    return names;
}

std::set<std::string> names_of(const std::vector<send::Job>& jobs) {
    std::set<std::string> names;
    for (const auto& job : jobs) {
        names.insert(job.name);
    }
    return names;
}

std::optional<KnownReceiver> find_receiver(const SenderConfig& config, const SenderWishes& wishes) {
    const auto address = address_of(wishes.host, wishes.port);
    for (const auto& receiver : config.receivers) {
        const bool is_it = address_of(receiver.host, receiver.port) == address;
        if (!wishes.receiver.empty() && receiver.name == wishes.receiver && !is_it) {
            throw Failure(
                ExitCode::configuration,
                fmt::format("[receivers.{}] is another machine, {} port {}",
                            escape_text(receiver.name), escape_text(receiver.host), receiver.port),
                "choose another --name");
        }
        if (is_it && (wishes.receiver.empty() || receiver.name == wishes.receiver)) {
            return receiver;
        }
    }
    return std::nullopt;
}

std::optional<send::Job> find_job(const SenderConfig& config, const SenderWishes& wishes) {
    const auto found =
        std::find_if(config.jobs.begin(), config.jobs.end(), [&](const send::Job& job) {
            const auto& destination = job.receiver.destination;
            return job.dest_tag == wishes.tag && address_of(destination.host, destination.port) ==
                                                     address_of(wishes.host, wishes.port);
        });
    return found == config.jobs.end() ? std::nullopt : std::optional(*found);
}

std::optional<send::Rotation> find_rotation(const SenderConfig& config, const std::string& name) {
    const auto found = std::ranges::find(config.rotations, name, &send::Rotation::name);
    return found == config.rotations.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string address_of(const std::string& host, unsigned port) {
    return JobIdentity::of("/", "any", host, port, "any").address();
}

std::filesystem::path directory_of_keys(const std::filesystem::path& config) {
    return config.parent_path() / "keys";
}

bool is_own_key(const SenderPlace& place) {
    return place.key_file.parent_path() == directory_of_keys(place.config);
}

SenderConfig read_sender_config(const std::filesystem::path& file) {
    SenderConfig config;
    if (!sys::is_there(file)) {
        return config;
    }
    auto all = send::load_config(file);
    config.jobs = std::move(all.jobs);
    config.rotations = std::move(all.rotations);
    const sys::ConfigFile content(file, sys::ConfigFile::Trust::root_only);
    if (const auto tables = content.root().table("receivers")) {
        for (const auto& [name, table] : tables->tables()) {
            config.receivers.push_back(read_receiver(name, table));
        }
    }
    return config;
}

SenderPlace find_place(const SenderConfig& config, const SenderWishes& wishes) {
    const auto directory = wishes.config.parent_path();
    SenderPlace place;
    place.config = wishes.config;
    place.receiver_there = find_receiver(config, wishes);
    place.receiver = place.receiver_there ? place.receiver_there->name
                     : wishes.receiver.empty()
                         ? receiver_name_for(wishes.host, names_of(config.receivers))
                         : wishes.receiver;
    place.job_there = find_job(config, wishes);
    place.job = place.job_there
                    ? place.job_there->name
                    : job_name_for(wishes.tag.text(), place.receiver, names_of(config.jobs));
    place.rotation_there = find_rotation(config, place.job);
    place.key_file = place.job_there ? place.job_there->receiver.destination.key_file
                                     : directory_of_keys(wishes.config) / place.job;
    place.known_hosts = !place.receiver_there               ? directory / "known_hosts"
                        : place.receiver_there->known_hosts ? *place.receiver_there->known_hosts
                                                            : known_hosts_of_root();
    return place;
}

std::vector<std::string> others_with_key(const SenderConfig& config, const SenderPlace& place) {
    std::vector<std::string> names;
    names.reserve(config.jobs.size());
    for (const auto& job : config.jobs) {
        if (job.name != place.job && job.receiver.destination.key_file == place.key_file) {
            names.push_back(job.name);
        }
    }
    return names;
}

std::vector<std::string> others_to_receiver(const SenderConfig& config, const SenderPlace& place,
                                            const SenderWishes& wishes) {
    std::vector<std::string> names;
    names.reserve(config.jobs.size());
    for (const auto& job : config.jobs) {
        const auto& destination = job.receiver.destination;
        if (job.name != place.job && address_of(destination.host, destination.port) ==
                                         address_of(wishes.host, wishes.port)) {
            names.push_back(job.name);
        }
    }
    return names;
}

}  // namespace snapferry::setup
