#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace snapferry {

/// The level that a configuration or a command line asks for: "auto" is nothing, "off" 0, "1" to
/// "19" zstd's levels. Throws Failure (configuration) for any other text.
std::optional<int> parse_compression_setting(std::string_view text);

/// What a stretch of a transfer has shown of what held it up; shares of the time, from 0 to 1.
struct Stretch {
    double line_busy = 0;      ///< bytes were on the line or waited for it, not for the receiver
    double frames_waited = 0;  ///< a frame was made, and there was no room to put it
};

/// How hard data is compressed on its way. A line that is slower than everything else gets more of
/// the processor, step by step, for as long as frames still wait for the line; where the disks or
/// the processors are what everything waits for, compressing would only hold them up.
class CompressionTuning {
  public:
    /// `demanded`: as of parse_compression_setting; what is demanded stays.
    explicit CompressionTuning(std::optional<int> demanded);

    /// 0: not at all; else zstd's level.
    [[nodiscard]] int level() const;

    void learn(const Stretch& stretch);

  private:
    std::optional<int> demanded_;
    std::size_t step_ = 0;
    unsigned rest_ = 0;  ///< stretches for which it goes no further up
};

/// Keeps off data that does not shrink: photographs, videos, what is compressed or encrypted. After
/// each frame in vain twice as many go by untried, up to 64, until one shrinks again.
class ShrinkWatch {
  public:
    /// Asked for each frame: whether to try and compress it.
    bool worth_trying();

    /// What came of it.
    void tried(bool shrank);

  private:
    unsigned in_vain_ = 0;  ///< tries in a row
    unsigned pass_by_ = 0;  ///< frames still to go by untried
};

}  // namespace snapferry
