#pragma once

#include <chrono>
#include <mutex>

#include "snapferry/core/log/log.h"

namespace snapferry::receive {

/// What a raw sender hears: lines of text for a person, with the time; trouble on `error`, the rest
/// on `output`. He may have stopped reading: what he does not take within `patience` is the last
/// that is written. Thread-safe.
class RawLog final : public Log {
  public:
    RawLog(int output, int error, std::chrono::seconds patience)
        : output_(output), error_(error), patience_(patience) {}

    void write(Severity severity, std::string_view line) override;

  private:
    int output_;
    int error_;
    std::chrono::seconds patience_;
    std::mutex writing_;
    bool takes_nothing_ = false;
};

}  // namespace snapferry::receive
