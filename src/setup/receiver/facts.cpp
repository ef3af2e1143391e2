#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "../disk/place.h"
#include "../steps/system.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/public_key.h"
#include "snapferry/core/setup/sshd_login.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::setup {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "";
}

/// Of keys in files that are not there, nothing: sshd does without them, too.
std::vector<std::string> public_keys_of(const std::vector<std::string>& private_keys) {
    constexpr std::size_t largest = 64 * 1024;  // bytes
    std::vector<std::string> lines;
    lines.reserve(private_keys.size());
    for (const auto& file : private_keys) {
        const auto text = sys::read_small_file(file + ".pub", largest);
        if (!text) {
            continue;
        }
        auto key = parse_public_key(*text);
        key.comment.clear();
        lines.push_back(key.line());
    }
    return lines;
}

}  // namespace

ReceiverFacts receiver_facts(const ReceiverWishes& wishes) {
    sys::require_root("the set-up of this machine is root's");
    const auto sshd = parse_sshd_facts(sshd_settings_of({}));
    const auto place = find_place(wishes);
    ReceiverFacts facts{wishes.user,
                        sshd.ports,
                        public_keys_of(sshd.host_keys),
                        place.trouble ? "" : place.target_dir.native(),
                        receiver_program().native(),
                        host_name()};
    if (facts.host_keys.empty()) {
        throw Failure(ExitCode::configuration, "sshd has no host key here",
                      "ssh-keygen -A makes those that are missing");
    }
    return facts;
}

}  // namespace snapferry::setup
