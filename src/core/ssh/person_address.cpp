#include "snapferry/core/ssh/person_address.h"

#include "snapferry/core/ssh/ssh_address.h"

namespace snapferry {

PersonAddress parse_person_address(std::string_view text) {
    const bool has_user = text.find('@') != std::string_view::npos;
    const auto address = parse_ssh_address(has_user ? std::string(text) : "x@" + std::string(text));
    const auto place = text.substr(text.rfind('@') + 1);
    const bool has_port = place.substr(place.rfind(']') + 1).find(':') != std::string_view::npos;
    return {has_user ? address.user + "@" + address.host : address.host, address.host,
            has_port ? std::optional(address.port) : std::nullopt};
}

}  // namespace snapferry
