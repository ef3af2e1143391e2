#include "snapferry/core/alert/mail_form.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/unicode/utf8.h"

namespace snapferry::alert {
namespace {

constexpr std::size_t longest_subject = 300;  // bytes; a line of a mail has at most 998
constexpr std::size_t longest_word = 45;      // bytes; 60 in base64, 75 with what is around it
constexpr std::size_t longest_line = 76;      // characters; RFC 2045, 6.7
constexpr std::size_t longest_address = 254;  // characters; RFC 5321, 4.5.3.1

bool is_printable(char character) {
    return character >= ' ' && character <= '~';
}

/// What begins like an encoded word would be read as one.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_printable) &&
           text.find("=?") == std::string_view::npos;
}

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto length = ::EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()),          // NOLINT(*-reinterpret-cast)
        reinterpret_cast<const unsigned char*>(bytes.data()),  // NOLINT(*-reinterpret-cast)
        static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

/// Whole characters, as many as have room in one encoded word.
std::string_view first_word(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size()) {
        const auto character = first_utf8_character(text.substr(size));
        const auto unit = character ? character->size : 1;
        if (size + unit > longest_word) {
            break;
        }
        size += unit;
    }
    return text.substr(0, size);
}

bool is_in(std::string_view text, std::string_view others) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char character) {
        return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
               others.find(character) != std::string_view::npos;
    });
}

std::string encoded(char byte) {
    return fmt::format("={:02X}", static_cast<unsigned char>(byte));
}

/// One line without its end.
std::string quoted_line(std::string_view line) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const bool is_last = at + 1 == line.size();
        const bool is_itself =
            is_printable(line[at]) && line[at] != '=' && !(line[at] == ' ' && is_last);
        const auto unit = is_itself ? std::string(1, line[at]) : encoded(line[at]);
        if (column + unit.size() >= longest_line) {
            out += "=\r\n";
            column = 0;
        }
        out += unit;
        column += unit.size();
    }
    return out;
}

std::string host_of(const std::string& machine) {
    return is_in(machine, ".-") ? machine : "localhost";
}

std::string list_of(const std::vector<std::string>& addresses) {
    return fmt::format("{}", fmt::join(addresses, ",\r\n "));
}

}  // namespace

bool is_mail_address(std::string_view text) {
    const auto at = text.rfind('@');
    const auto local = text.substr(0, at);
    const bool has_host = at != std::string_view::npos;
    return text.size() <= longest_address && is_in(local, ".!#$%&'*+/=?^_`{|}~-") &&
           !local.starts_with('-') && (!has_host || is_in(text.substr(at + 1), ".-"));
}

std::string header_value(std::string_view text) {
    if (is_plain(text)) {
        return std::string(text);
    }
    std::string out;
    while (!text.empty()) {
        const auto word = first_word(text);
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(word));
        text.remove_prefix(word.size());
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        out += quoted_line(text.substr(0, end)) + "\r\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string mail_text(const Envelope& envelope, const Message& message) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(envelope.date);
    const auto date = fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                                  fmt::gmtime(seconds.time_since_epoch().count()));
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        text += fmt::format("{}: {}\r\n", name, value);
    };
    add("Date", date);
    add("From", envelope.from);
    add("To", list_of(envelope.to));
    add("Subject",
        header_value(safe_line(std::string_view(message.subject).substr(0, longest_subject))));
    add("Message-ID", fmt::format("<{}@{}>", envelope.id, host_of(envelope.machine)));
    add("MIME-Version", "1.0");
    add("Content-Type", "text/plain; charset=utf-8");
    add("Content-Transfer-Encoding", "quoted-printable");
    add("Auto-Submitted", "auto-generated");
    add("X-Snapferry-Event", header_value(safe_line(message.event)));
    return text + "\r\n" + quoted_printable(message.body);
}

}  // namespace snapferry::alert
