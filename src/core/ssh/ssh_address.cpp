#include "snapferry/core/ssh/ssh_address.h"

#include <fmt/format.h>

#include <charconv>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr unsigned highest_port = 65535;

/// Tells what is wrong with the address it was made for.
class Rejection {
  public:
    explicit Rejection(std::string_view text) : text_(text) {}

    void unless(bool holds, std::string_view why) const {
        if (!holds) {
            throw Failure(ExitCode::configuration,
                          fmt::format("\"{}\" is no SSH address: {}", escape_text(text_), why),
                          "write user@host or user@host:port, an IPv6 address in brackets: "
                          "backups@[fd00::5]:2222");
        }
    }

  private:
    std::string_view text_;
};

bool is_letter_or_digit(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

bool consists_of_letters_digits_and(std::string_view others, std::string_view text) {
    for (const char character : text) {
        if (!is_letter_or_digit(character) && others.find(character) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

bool has_space_or_control(std::string_view text) {
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte <= 0x20 || byte == 0x7f) {
            return true;
        }
    }
    return false;
}

std::string parse_user(std::string_view user, const Rejection& reject) {
    reject.unless(!user.empty(), "the user is missing");
    reject.unless(user.front() != '-', "the user begins with a dash");
    reject.unless(!has_space_or_control(user), "the user holds a space or a control character");
    return std::string(user);
}

std::string parse_name(std::string_view host, const Rejection& reject) {
    reject.unless(!host.empty(), "the host is missing");
    reject.unless(host.front() != '-', "the host begins with a dash");
    reject.unless(consists_of_letters_digits_and("._-", host),
                  "the host holds a character that host names do not have");
    return std::string(host);
}

std::string parse_ipv6(std::string_view address, const Rejection& reject) {
    const std::size_t zone = address.find('%');
    reject.unless(address.find(':') < zone &&
                      address.substr(0, zone).find_first_not_of("0123456789abcdefABCDEF:.") ==
                          std::string_view::npos,
                  "there is no IPv6 address between the brackets");
    if (zone != std::string_view::npos) {
        const std::string_view name = address.substr(zone + 1);
        reject.unless(!name.empty() && consists_of_letters_digits_and("._-", name),
                      "the zone after % is no interface's name");
    }
    return std::string(address);
}

unsigned parse_port(std::string_view digits, const Rejection& reject) {
    unsigned port = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, port);
    reject.unless(error == std::errc() && stopped == end && port >= 1 && port <= highest_port,
                  "the port is not a number from 1 to 65535");
    return port;
}

/// `rest` is what follows the closing bracket or the host's name.
unsigned parse_port_part(std::string_view rest, const Rejection& reject) {
    if (rest.empty()) {
        return SshAddress{}.port;
    }
    reject.unless(rest.front() == ':', "something other than a port follows the bracket");
    return parse_port(rest.substr(1), reject);
}

}  // namespace

SshAddress parse_ssh_address(std::string_view text) {
    const Rejection reject(text);
    const std::size_t at = text.rfind('@');
    reject.unless(at != std::string_view::npos, "the user is missing");
    SshAddress address;
    address.user = parse_user(text.substr(0, at), reject);
    const std::string_view place = text.substr(at + 1);
    if (place.substr(0, 1) == "[") {
        const std::size_t bracket = place.find(']');
        reject.unless(bracket != std::string_view::npos, "the closing bracket is missing");
        address.host = parse_ipv6(place.substr(1, bracket - 1), reject);
        address.port = parse_port_part(place.substr(bracket + 1), reject);
        return address;
    }
    const std::size_t colon = place.find(':');
    reject.unless(colon == place.rfind(':'), "an IPv6 address stands in brackets");
    address.host = parse_name(place.substr(0, colon), reject);
    address.port =
        parse_port_part(colon == std::string_view::npos ? "" : place.substr(colon), reject);
    return address;
}

}  // namespace snapferry
