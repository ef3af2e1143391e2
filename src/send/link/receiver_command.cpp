#include "snapferry/send/link/receiver_command.h"

#include <fmt/format.h>

#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/ssh/keys/key_refused.h"

namespace snapferry::send {

std::string receiver_command(const Receiver& receiver, const Tag& tag) {
    return fmt::format("sudo -n {} {}", receiver.program, tag.text());
}

std::string authorized_keys_line(const Receiver& receiver, const Tag& tag,
                                 const std::string& public_key,
                                 const std::filesystem::path& place) {
    const auto program = place / receiver.program;  // of an absolute one nothing of place is left
    return fmt::format(R"(restrict,command="sudo -n {} {}" {} snapferry)", program.native(),
                       tag.text(), public_key);
}

ssh::Channel start_receiver(Line& line, const Tag& tag, Log& log) {
    try {
        return line.session(log).run(receiver_command(line.receiver(), tag));
    } catch (const ssh::KeyRefused& refused) {
        const auto& receiver = line.receiver();
        throw Failure(
            refused.code(), refused.what(),
            fmt::format(
                "look into the log of sshd at the receiver; if the key is not known there, "
                "add this one line to ~{}/.ssh/authorized_keys there: {}",
                receiver.destination.user,
                authorized_keys_line(receiver, tag, refused.public_key(), sys::own_directory())));
    }
}

}  // namespace snapferry::send
