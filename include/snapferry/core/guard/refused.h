#pragma once

#include "snapferry/core/failure.h"

namespace snapferry::stream {

/// The guard refuses a stream: it is damaged, hostile, or of a kind that is not known.
class Refused : public Failure {
  public:
    explicit Refused(const std::string& why)
        : Failure(ExitCode::refused_stream, "stream refused: " + why) {}
};

}  // namespace snapferry::stream
