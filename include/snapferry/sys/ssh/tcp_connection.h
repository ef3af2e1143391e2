#pragma once

#include <chrono>
#include <string>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::ssh {

/// A connected TCP socket to a name or an address (IPv6 without brackets), with TCP_NODELAY and
/// keep-alive probes, closed on exec. Every address of the name is tried in turn within `timeout`.
/// Throws Failure (connection) that says in words why none answered.
sys::UniqueFd connect_tcp(const std::string& host, unsigned port,
                          std::chrono::milliseconds timeout);

}  // namespace snapferry::ssh
