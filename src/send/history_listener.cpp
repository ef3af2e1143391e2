#include "snapferry/send/history_listener.h"

#include "snapferry/sys/history.h"

namespace snapferry::send {

void HistoryListener::ends(const Job&, const JobProgress&, const RunReport& report) {
    sys::History::open(file_).add(report);
}

}  // namespace snapferry::send
