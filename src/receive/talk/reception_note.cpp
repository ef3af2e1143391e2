#include "snapferry/receive/talk/reception_note.h"

#include <chrono>
#include <exception>
#include <utility>

#include "snapferry/receive/backups/receiving_status.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {

ReceptionNote::ReceptionNote(const Tag& tag, std::string snapshot,
                             std::optional<std::uint64_t> whole)
    : file_(progress_file_of(tag)) {
    at_.phase = UnderWay::Phase::receiving;
    at_.snapshot = std::move(snapshot);
    at_.whole = whole;
}

void ReceptionNote::came(std::uint64_t received) noexcept {
    try {
        rate_.note(received, std::chrono::steady_clock::now());
        at_.done = received;
        at_.rate = rate_.rate();
        sys::make_private_directory(progress_directory);
        file_.write(at_);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    }
}

}  // namespace snapferry::receive
