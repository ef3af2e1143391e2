#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "snapferry/core/transfer/compression_tuning.h"

namespace snapferry {

/// Over how many connections one stream may go at most.
inline constexpr unsigned most_connections = 4;

/// The number that a configuration asks for: "auto" is nothing, else "1" to "4". Throws Failure
/// (configuration) for any other text.
std::optional<unsigned> parse_connections_setting(std::string_view text);

/// What is known of the other end before the stream begins.
struct FarEnd {
    bool deciphers_slowly =
        false;  ///< the cipher is one that its processor has no instructions for
    std::optional<std::uint64_t> processors{};  ///< an older receiver does not say
};

/// Over how many connections a stream goes. Each connection is deciphered by a process of its own,
/// so on one of the receiver's processors: where that is what everything waits for, and another is
/// idle, a second connection makes the stream quicker. More make it no quicker: then what checks
/// and writes the stream is the brake.
class ConnectionTuning {
  public:
    /// `demanded`: as of parse_connections_setting; what is demanded stays.
    ConnectionTuning(std::optional<unsigned> demanded, const FarEnd& there);

    [[nodiscard]] unsigned connections() const;

    void learn(const Stretch& stretch);

  private:
    std::optional<unsigned> demanded_;
    bool may_pay_;
    unsigned held_up_ =
        0;  ///< stretches in a row for which the receiver was what everything waited for
};

}  // namespace snapferry
