#include "snapferry/sys/alert/smtp.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/alert/mail_config.h"

namespace snapferry::sys {
namespace {

using alert::MailSettings;
using alert::MailTls;

constexpr long time_to_connect = 30;  // seconds
constexpr long time_in_all = 120;     // seconds

struct Unread {
    const std::string* mail;
    std::size_t read = 0;
};

std::size_t read_more(char* room, std::size_t size, std::size_t count, void* from) {
    auto& unread = *static_cast<Unread*>(from);
    const auto piece = std::min(size * count, unread.mail->size() - unread.read);
    unread.mail->copy(room, piece, unread.read);
    unread.read += piece;
    return piece;
}

std::string address_of(const MailSettings& settings) {
    const bool is_ipv6 = settings.server.find(':') != std::string::npos;
    return fmt::format("{}:{}", is_ipv6 ? "[" + settings.server + "]" : settings.server,
                       settings.port);
}

/// One mail on one connection.
class Sending {
  public:
    Sending(const MailSettings& settings, const std::string& mail)
        : settings_(settings),
          unread_{&mail},
          handle_(::curl_easy_init(), ::curl_easy_cleanup),
          to_(nullptr, ::curl_slist_free_all) {
        if (!handle_) {
            throw Failure(ExitCode::internal, "libcurl cannot be used");
        }
    }

    void send() {
        address();
        secure();
        log_in();
        const auto code = ::curl_easy_perform(handle_.get());
        if (code != CURLE_OK) {
            fail(code);
        }
    }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        if (::curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) {
            throw Failure(ExitCode::internal,
                          fmt::format("libcurl does not know option {}", static_cast<int>(option)));
        }
    }

    void address() {
        const bool implicit = settings_.tls == MailTls::implicit;
        const auto url = fmt::format("{}://{}", implicit ? "smtps" : "smtp", address_of(settings_));
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_ERRORBUFFER, said_.data());
        set(CURLOPT_CONNECTTIMEOUT, time_to_connect);
        set(CURLOPT_TIMEOUT, time_in_all);
        set(CURLOPT_MAIL_FROM, fmt::format("<{}>", settings_.from).c_str());
        for (const auto& one : settings_.to) {
            to_.reset(::curl_slist_append(to_.release(), fmt::format("<{}>", one).c_str()));
        }
        set(CURLOPT_MAIL_RCPT, to_.get());
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &read_more);
        set(CURLOPT_READDATA, &unread_);
    }

    void secure() {
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_USE_SSL,
            static_cast<long>(settings_.tls == MailTls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        if (settings_.ca_file) {
            set(CURLOPT_CAINFO, settings_.ca_file->c_str());
        }
    }

    void log_in() {
        if (!settings_.user.empty()) {
            set(CURLOPT_USERNAME, settings_.user.c_str());
            set(CURLOPT_PASSWORD, read_password(settings_.password_file).c_str());
        }
    }

    [[noreturn]] void fail(CURLcode code) {
        const std::string_view said(said_.data());
        const auto what =
            fmt::format("{} did not take the mail: {}", address_of(settings_),
                        escape_text(said.empty() ? ::curl_easy_strerror(code) : said));
        switch (code) {
            case CURLE_PEER_FAILED_VERIFICATION:
                throw Failure(
                    ExitCode::host_key, what,
                    "server must be the name that its certificate is for; for one of your "
                    "own making, ca_file");
            case CURLE_SSL_CACERT_BADFILE:
                throw Failure(
                    ExitCode::configuration, what,
                    settings_.ca_file ? "mend ca_file" : "install the package ca-certificates");
            case CURLE_USE_SSL_FAILED:
                throw Failure(ExitCode::host_key, what,
                              "it offers no STARTTLS; tls = \"implicit\" is for port 465");
            case CURLE_LOGIN_DENIED:
                throw Failure(ExitCode::authentication, what, "look at user and password_file");
            default:
                throw Failure(ExitCode::connection, what);
        }
    }

    const MailSettings& settings_;
    Unread unread_;
    std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> handle_;
    std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)> to_;
    std::array<char, CURL_ERROR_SIZE> said_{};
};

}  // namespace

void send_mail(const MailSettings& settings, const std::string& mail) {
    Sending(settings, mail).send();
}

}  // namespace snapferry::sys
