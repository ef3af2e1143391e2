#pragma once

#include <cstddef>
#include <cstdint>

namespace snapferry {

/// Whether what a connection has brought of an unfinished stream is kept as a share of its own, or
/// is not worth one: their number is bounded (wire::max_shares), and what is held must never be
/// lost to that. The first half of them are free. From there on a connection must bring its part of
/// what is held, and ever more of it: so the last of them lie far away.
///
/// `shares`: how many there are; `held`, `brought`: bytes of the stream, before this connection and
/// by it.
bool deserves_share(std::size_t shares, std::uint64_t held, std::uint64_t brought);

}  // namespace snapferry
