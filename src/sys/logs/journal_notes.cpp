#include "snapferry/sys/logs/journal_notes.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

namespace snapferry::sys {
namespace {

constexpr std::string_view journal_socket = "/run/systemd/journal/socket";
constexpr std::size_t longest_line = 4096;  // bytes; the socket takes far more

/// In the order of Severity: LOG_DEBUG, LOG_INFO, LOG_WARNING and LOG_ERR of syslog.h.
constexpr std::array priorities{7, 6, 4, 3};

/// One field in the form of https://systemd.io/JOURNAL_NATIVE_PROTOCOL. A line feed in the value
/// would begin another field: it does not get through.
std::string field(std::string_view name, std::string_view value) {
    auto text = fmt::format("{}={}", name, value.substr(0, longest_line));
    for (auto& character : text) {
        if (character == '\n') {
            character = ' ';
        }
    }
    return text + "\n";
}

}  // namespace

JournalNotes::JournalNotes(std::string identifier, std::string tag)
    : identifier_(std::move(identifier)),
      tag_(std::move(tag)),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}

void JournalNotes::write(Severity severity, std::string_view line) {
    if (severity < Severity::info || !socket_) {
        return;
    }
    const auto entry =
        field("PRIORITY", std::to_string(priorities.at(static_cast<std::size_t>(severity)))) +
        field("SYSLOG_IDENTIFIER", identifier_) + field("SYSLOG_PID", std::to_string(::getpid())) +
        field("SNAPFERRY_TAG", tag_) + field("MESSAGE", line);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, journal_socket.data(), journal_socket.size());
    (void)::sendto(socket_.get(), entry.data(), entry.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                   reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

}  // namespace snapferry::sys
