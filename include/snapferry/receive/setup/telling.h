#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// Whether [mail] or on_alert tells of this machine.
bool tells_once(const Config& config);

/// When it is destroyed, starts `snapferry tell --receiving`, where anybody is to be told: beside
/// this program, which does not wait for it, and whose end does not end it.
class TellAtTheEnd {
  public:
    TellAtTheEnd(const Config& config, Log& log) : config_(config), log_(log) {}
    ~TellAtTheEnd();
    TellAtTheEnd(const TellAtTheEnd&) = delete;
    TellAtTheEnd& operator=(const TellAtTheEnd&) = delete;

  private:
    const Config& config_;
    Log& log_;
};

}  // namespace snapferry::receive
