#include "snapferry/core/version.h"

namespace snapferry {

std::string name_and_version() {
    return "snapferry " SNAPFERRY_VERSION;
}

}  // namespace snapferry
