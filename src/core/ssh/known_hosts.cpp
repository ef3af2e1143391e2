#include "snapferry/core/ssh/known_hosts.h"

#include <sstream>
#include <string>

namespace snapferry {

bool is_revoked(std::string_view known_hosts, std::string_view key_base64) {
    std::istringstream lines{std::string(known_hosts)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string marker;
        std::string hosts;
        std::string type;
        std::string key;
        if (fields >> marker >> hosts >> type >> key && marker == "@revoked" && key == key_base64) {
            return true;
        }
    }
    return false;
}

}  // namespace snapferry
