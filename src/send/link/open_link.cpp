#include "snapferry/send/link/open_link.h"

#include "snapferry/send/link/local_link.h"
#include "snapferry/send/link/receiver_link.h"

namespace snapferry::send {

std::unique_ptr<ReceiverChannel> open_link(Line& line, const Tag& tag, Log& log) {
    if (line.receiver().is_local()) {
        return std::make_unique<LocalLink>(line, tag, log);
    }
    return std::make_unique<ReceiverLink>(line, tag, log);
}

}  // namespace snapferry::send
