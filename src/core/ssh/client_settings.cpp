#include "snapferry/core/ssh/client_settings.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/ssh_address.h"
#include "snapferry/core/text/split.h"

namespace snapferry {
namespace {

/// "x@pi.lan:22", which is judged as any address is.
std::string address_text(std::string_view host, std::string_view port) {
    return host.find(':') == std::string_view::npos ? fmt::format("x@{}:{}", host, port)
                                                    : fmt::format("x@[{}]:{}", host, port);
}

}  // namespace

ClientSettings parse_client_settings(std::string_view text) {
    ClientSettings settings;
    std::string_view host;
    std::string_view port = "22";
    for (const auto line : split(text, '\n')) {
        const auto space = line.find(' ');
        if (space == std::string_view::npos) {
            continue;
        }
        const auto key = line.substr(0, space);
        const auto value = line.substr(space + 1);
        if (key == "hostname") {
            host = value;
        } else if (key == "port") {
            port = value;
        } else if (key == "proxyjump" || key == "proxycommand") {
            settings.goes_through_another = settings.goes_through_another || value != "none";
        }
    }
    const auto address = parse_ssh_address(address_text(host, port));
    settings.host = address.host;
    settings.port = address.port;
    return settings;
}

}  // namespace snapferry
