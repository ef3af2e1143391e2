#include "chosen_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/ssh_address.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/core/transfer/compression_tuning.h"
#include "snapferry/core/transfer/throttle.h"
#include "snapferry/send/config/config.h"

namespace snapferry::programs {
namespace {

send::Job classic_job(const std::vector<std::string>& arguments) {
    const auto address = parse_ssh_address(arguments[4]);
    send::Receiver receiver;
    receiver.destination.host = address.host;
    receiver.destination.port = address.port;
    receiver.destination.user = address.user;
    receiver.destination.key_file = arguments[3];
    return send::Job{arguments[2], arguments[0], send::parse_source_tag(arguments[1]),
                     Tag::parse(arguments[2]), receiver};
}

void apply_options_of_the_line(const SendLine& line, send::Receiver& receiver) {
    if (!line.known_hosts.empty()) {
        receiver.destination.known_hosts_file = line.known_hosts;
    }
    if (line.compression) {
        receiver.compression = parse_compression_setting(*line.compression);
    }
    if (line.cipher) {
        receiver.cipher = parse_cipher_setting(*line.cipher);
    }
    if (line.bandwidth_limit) {
        receiver.bandwidth_limit = parse_rate(*line.bandwidth_limit);
        if (!receiver.bandwidth_limit) {
            refuse_usage("--bandwidth-limit is a rate such as 512KiB/s or 20MiB/s, from 1KiB/s on");
        }
    }
    receiver.parallel = line.parallel.value_or(receiver.parallel);
    if (receiver.parallel < 1 || receiver.parallel > send::most_parallel) {
        refuse_usage(fmt::format("--parallel is from 1 to {}", send::most_parallel));
    }
}

void apply_options(const SendLine& line, send::Job& job) {
    apply_options_of_the_line(line, job.receiver);
    if (line.protocol) {
        if (*line.protocol != "auto" && *line.protocol != "raw") {
            refuse_usage("--protocol is auto or raw");
        }
        job.protocol = *line.protocol == "raw" ? send::Protocol::raw : send::Protocol::automatic;
    }
    if (line.stream) {
        job.stream = send::parse_stream_setting(*line.stream);
    }
    if (line.send) {
        job.send = parse_send_scope(*line.send);
    }
    job.retries = line.retries.value_or(job.retries);
    job.pin = job.pin && !line.no_pin;
    job.manifest = job.manifest && !line.no_manifest;
}

}  // namespace

std::vector<send::Job> chosen_jobs(const SendLine& line) {
    if (!line.classic.empty()) {
        return {classic_job(line.classic)};
    }
    auto jobs = send::load_jobs(line.config);
    std::vector<std::string> names;
    std::transform(jobs.begin(), jobs.end(), std::back_inserter(names),
                   [](const send::Job& job) { return job.name; });
    if (!line.all) {
        std::erase_if(jobs, [&](const send::Job& job) { return job.name != line.job; });
    }
    if (jobs.empty()) {
        throw Failure(ExitCode::configuration,
                      line.all ? fmt::format("{} has no jobs", escape_text(line.config))
                               : fmt::format("{} has no [jobs.{}]", escape_text(line.config),
                                             escape_text(line.job)),
                      line.all ? "" : hint_of_words(line.job, names));
    }
    return jobs;
}

std::vector<send::Job> with_options(std::vector<send::Job> jobs, const SendLine& line) {
    for (auto& job : jobs) {
        apply_options(line, job);
    }
    return jobs;
}

}  // namespace snapferry::programs
