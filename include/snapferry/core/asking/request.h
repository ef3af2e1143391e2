#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What `snapferry` at one machine says to `snapferry answer` at the other, over a person's own
/// login: docs/protocol.md. All of it travels on standard input and output: a remote shell would
/// read arguments.
namespace snapferry::asking {

/// The first line of whoever answers. What login scripts and banners say before it does not count.
/// The number goes up where an older one could not be understood.
inline constexpr std::string_view greeting = "snapferry answers 1";

/// bytes; of the line of a request, and of all that may be said before the greeting.
inline constexpr std::size_t longest_line = std::size_t{256} * 1024;

/// What is wanted, and the words that go with it, in any bytes but NUL.
struct Request {
    std::string what;  ///< "run": a command of snapferry that only looks
    std::vector<std::string> words;

    bool operator==(const Request&) const = default;
};

/// One line of JSON, without the line feed. The words are in hexadecimal: names of files need not
/// be UTF-8.
std::string line_of(const Request& request);

/// Throws Failure (protocol) where the line is no request.
Request parse_request(std::string_view line);

/// Why `snapferry answer` does not run this command line; nothing where it does. Only what looks,
/// and only at the backups that are configured there: whoever may ask need not be allowed more.
std::optional<std::string> why_not_to_run(const std::vector<std::string>& words);

}  // namespace snapferry::asking
