#include "snapferry/sys/alert/mail_config.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "snapferry/core/alert/mail_form.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

using alert::Kind;
using alert::MailSettings;
using alert::MailTls;

constexpr std::size_t most_receivers = 50;  // of a mail

std::string read_server(const ConfigTable& table) {
    auto server = table.required_text("server");
    const bool is_plain = std::all_of(server.begin(), server.end(), [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '.' || character == '-' ||
               character == ':';
    });
    if (!is_plain || server.front() == '-') {
        table.complain("server",
                       "it must be a name or an address alone; the port stands in "
                       "\"port\"");
    }
    return server;
}

MailTls read_tls(const ConfigTable& table) {
    const auto text = table.text("tls").value_or("starttls");
    if (text == "implicit") {
        return MailTls::implicit;
    }
    if (text == "none") {
        return MailTls::none;
    }
    if (text != "starttls") {
        table.complain("tls", "it must be \"starttls\", \"implicit\" or \"none\"");
    }
    return MailTls::starttls;
}

unsigned usual_port(MailTls tls) {
    constexpr unsigned submission = 587;   // RFC 6409
    constexpr unsigned submissions = 465;  // RFC 8314
    constexpr unsigned smtp = 25;
    return tls == MailTls::starttls ? submission : tls == MailTls::implicit ? submissions : smtp;
}

std::optional<std::filesystem::path> read_file_name(const ConfigTable& table,
                                                    std::string_view key) {
    const auto text = table.text(key);
    if (text && text->front() != '/') {
        table.complain(key, "it must be an absolute path");
    }
    return text ? std::optional<std::filesystem::path>(*text) : std::nullopt;
}

void require_address(const ConfigTable& table, std::string_view key, const std::string& address) {
    if (!alert::is_mail_address(address)) {
        table.complain(key, fmt::format("\"{}\" is no address such as \"root@example.org\"",
                                        escape_text(address)));
    }
}

std::vector<std::string> read_to(const ConfigTable& table) {
    auto to = table.has_text("to") ? std::vector{table.required_text("to")}
                                   : table.texts("to").value_or(std::vector<std::string>{});
    if (to.empty() || to.size() > most_receivers) {
        table.complain("to",
                       fmt::format("it must be an address, or a list of up to {}", most_receivers));
    }
    for (const auto& address : to) {
        require_address(table, "to", address);
    }
    return to;
}

std::set<Kind> read_when(const ConfigTable& table, const std::set<Kind>& possible,
                         const std::set<Kind>& usual) {
    const auto words = table.texts("when");
    if (!words) {
        return usual;
    }
    std::set<Kind> when;
    for (const auto& word : *words) {
        const auto found = std::find_if(possible.begin(), possible.end(),
                                        [&](Kind kind) { return alert::name_of(kind) == word; });
        if (found == possible.end()) {
            std::string all;
            for (const auto kind : possible) {
                all += fmt::format("{}\"{}\"", all.empty() ? "" : ", ", alert::name_of(kind));
            }
            table.complain("when", fmt::format("it is a list of any of {}", all));
        }
        when.insert(*found);
    }
    if (when.empty()) {
        table.complain("when", "an empty list would tell nobody of anything; leave [mail] out");
    }
    return when;
}

void read_login(const ConfigTable& table, MailSettings& mail) {
    mail.user = table.text("user").value_or("");
    const auto file = read_file_name(table, "password_file");
    mail.password_file = file.value_or("");
    if (mail.user.empty() != !file) {
        table.complain(mail.user.empty() ? "user" : "password_file",
                       "user and password_file go together: one is missing");
    }
    constexpr std::array<std::string_view, 3> this_machine{"localhost", "127.0.0.1", "::1"};
    const bool stays_here =
        std::find(this_machine.begin(), this_machine.end(), mail.server) != this_machine.end();
    if (!mail.user.empty() && mail.tls == MailTls::none && !stays_here) {
        table.complain("user", "a password is not sent without TLS to another machine");
    }
}

}  // namespace

std::optional<MailSettings> read_mail(const ConfigTable& root, const std::set<Kind>& possible,
                                      const std::set<Kind>& usual) {
    const auto table = root.table("mail");
    if (!table) {
        return std::nullopt;
    }
    table->allow_only(
        {"server", "port", "tls", "ca_file", "user", "password_file", "from", "to", "when"});
    MailSettings mail;
    mail.server = read_server(*table);
    mail.tls = read_tls(*table);
    mail.port =
        static_cast<unsigned>(table->number("port", 1, 65535).value_or(usual_port(mail.tls)));
    mail.ca_file = read_file_name(*table, "ca_file");
    read_login(*table, mail);
    mail.from = table->required_text("from");
    require_address(*table, "from", mail.from);
    mail.to = read_to(*table);
    mail.when = read_when(*table, possible, usual);
    return mail;
}

std::string read_password(const std::filesystem::path& file) {
    constexpr std::size_t largest = 4096;  // bytes
    constexpr unsigned others = 077;
    require_root_only(file);
    struct stat data {};
    if (::stat(file.c_str(), &data) == 0 && (data.st_mode & others) != 0) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} has a password, and others than root may read it",
                                  escape_text(file.native())),
                      fmt::format("chmod 600 {}", escape_text(file.native())));
    }
    const auto text = read_small_file(file, largest).value_or("");
    auto password = text.substr(0, text.find('\n'));
    if (password.empty() || password.find('\0') != std::string::npos) {
        throw Failure(ExitCode::configuration, fmt::format("{} has no password in its first line",
                                                           escape_text(file.native())));
    }
    return password;
}

}  // namespace snapferry::sys
