#pragma once

#include <string>
#include <vector>

#include "snapferry/core/wire/message.h"

namespace snapferry::wire::testing {

/// A message, and the bytes of JSON that it is on the wire.
struct Sample {
    std::string kind;
    Message message;
    std::string json;
};

/// One message of every kind, with every field that it can have; two where a field can be null.
std::vector<Sample> samples();

}  // namespace snapferry::wire::testing
