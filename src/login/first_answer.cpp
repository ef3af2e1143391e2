#include "snapferry/login/first_answer.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

#include "snapferry/core/asking/no_answer.h"
#include "snapferry/core/asking/request.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::login {
namespace {

constexpr std::chrono::milliseconds a_moment{300};
constexpr std::size_t piece = 4096;  // bytes

/// What comes before the greeting.
class Beginning {
  public:
    Beginning(Conversation& conversation, const WhenAsked& when_asked)
        : conversation_(conversation), when_asked_(when_asked) {}

    void await() {
        while (!greeted_) {
            std::array<pollfd, 2> waited{
                pollfd{conversation_.from(), POLLIN, 0},
                pollfd{told_ended_ ? -1 : conversation_.told(), POLLIN, 0}};
            const auto ready =
                ::poll(waited.data(), waited.size(), static_cast<int>(a_moment.count()));
            if (ready < 0 && errno != EINTR) {
                throw sys::system_failure(ExitCode::internal, "wait for the other machine");
            }
            if (ready == 0) {
                show();
            } else if (waited[1].revents != 0) {
                take_told();
            } else if (waited[0].revents != 0) {
                take_said();
            }
        }
    }

  private:
    void take_told() {
        const auto text = read(conversation_.told());
        told_ended_ = text.empty();
        told_ += text;
        if (told_.size() > asking::longest_line) {
            told_.erase(0, told_.size() - asking::longest_line);
        }
        if (told_.ends_with(prompt_of_sudo)) {
            told_.erase(told_.size() - std::char_traits<char>::length(prompt_of_sudo));
            show();
            when_asked_(std::exchange(was_asked_, true));
        }
    }

    void take_said() {
        const auto text = read(conversation_.from());
        if (text.empty()) {
            give_up();
        }
        said_ += text;
        passed_over_ += text.size();
        for (auto end = said_.find('\n'); end != std::string::npos; end = said_.find('\n')) {
            const bool is_greeting = said_.substr(0, end) == asking::greeting;
            said_.erase(0, end + 1);
            if (is_greeting) {
                greeted_ = true;
                require_nothing_more();
                return;
            }
        }
        if (passed_over_ > asking::longest_line) {
            throw Failure(ExitCode::protocol,
                          fmt::format("{} says more than a login does, and no snapferry answers",
                                      escape_text(conversation_.host())),
                          "log in there with ssh and try: sudo snapferry answer");
        }
    }

    void require_nothing_more() const {
        if (!said_.empty()) {
            throw Failure(ExitCode::protocol,
                          fmt::format("snapferry at {} answers before it was asked",
                                      escape_text(conversation_.host())),
                          "install the same version of snapferry at both ends");
        }
    }

    [[noreturn]] void give_up() {
        while (!told_ended_) {
            take_told();
        }
        const auto end = conversation_.wait();
        throw asking::why_no_answer({conversation_.host(), told_,
                                     end.signalled ? std::nullopt : std::optional(end.status)});
    }

    [[nodiscard]] static std::string read(int from) {
        std::array<std::byte, piece> bytes{};
        const auto count = sys::read_some(from, bytes, ExitCode::connection, "what ssh says");
        std::string text(count, '\0');
        std::ranges::transform(std::span(bytes).first(count), text.begin(),
                               [](std::byte byte) { return static_cast<char>(byte); });
        return text;
    }

    /// What was not shown yet.
    void show() {
        for (const auto line : split(told_, '\n')) {
            if (!line.empty()) {
                show_line(line);
            }
        }
        told_.clear();
    }

    Conversation& conversation_;
    const WhenAsked& when_asked_;
    std::string told_;
    std::string said_;
    std::size_t passed_over_ = 0;  ///< bytes of it, and of what came before
    bool told_ended_ = false;
    bool was_asked_ = false;
    bool greeted_ = false;
};

}  // namespace

void await_greeting(Conversation& conversation, const WhenAsked& when_asked) {
    Beginning(conversation, when_asked).await();
}

}  // namespace snapferry::login
