#include "snapferry/core/disk/receive_cause.h"

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <system_error>

namespace snapferry {
namespace {

// Exit statuses of what comes before the program: its preparation and execve (sys/processes), and
// the dynamic loader, which lacks a library.
constexpr int first_before_program = 125;
constexpr int last_before_program = 127;

bool ends_with_any(const ReceiveEnd& end, std::initializer_list<int> errors) {
    return std::any_of(errors.begin(), errors.end(), [&](int error) {
        const auto cause = ": " + std::generic_category().message(error);
        return end.first_complaint.ends_with(cause) || end.tail.ends_with(cause + "\n");
    });
}

}  // namespace

ReceiveCause cause_of(const ReceiveEnd& end) {
    if (!end.signalled && end.status >= first_before_program && end.status <= last_before_program) {
        return ReceiveCause::not_started;
    }
    if (ends_with_any(end, {ENOSPC, EDQUOT})) {
        return ReceiveCause::full_disk;
    }
    if (ends_with_any(end, {EIO, EROFS})) {
        return ReceiveCause::failing_disk;
    }
    if (end.signalled || ends_with_any(end, {ENOMEM})) {
        return ReceiveCause::crash;
    }
    return ends_with_any(end, {ELOOP}) ? ReceiveCause::symlink : ReceiveCause::stream;
}

}  // namespace snapferry
