#include "snapferry/sys/machine/line_use.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace snapferry::sys {

LineUse line_use(int socket) {
    tcp_info told{};
    socklen_t size = sizeof(told);
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &told, &size) != 0) {
        return {};
    }
    return {std::chrono::microseconds{told.tcpi_busy_time},
            std::chrono::microseconds{told.tcpi_rwnd_limited}};
}

}  // namespace snapferry::sys
