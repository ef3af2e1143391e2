#include "snapferry/setup/pair/answer_setup.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sender/talk.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::setup {
namespace {

class Talk {
  public:
    Talk(int from, int to) : from_(from), to_(to) {}

    /// Nothing where no more comes.
    std::optional<SetupQuestion> next() {
        for (auto end = heard_.find('\n'); end == std::string::npos; end = heard_.find('\n')) {
            if (heard_.size() > longest_talk) {
                throw Failure(ExitCode::protocol, "what is asked is too long");
            }
            if (!read_more()) {
                return std::nullopt;
            }
        }
        const auto end = heard_.find('\n');
        auto question = parse_question(std::string_view(heard_).substr(0, end));
        heard_.erase(0, end + 1);
        return question;
    }

    void say(const SetupAnswer& answer) const {
        const auto line = line_of(answer) + "\n";
        sys::write_all(to_, std::as_bytes(std::span(line)), ExitCode::connection,
                       "to the machine that asks");
    }

    void swallow(std::uint64_t bytes) {
        while (heard_.size() < bytes) {
            bytes -= heard_.size();
            heard_.clear();
            if (!read_more()) {
                return;
            }
        }
        heard_.erase(0, static_cast<std::size_t>(bytes));
    }

  private:
    bool read_more() {
        std::array<std::byte, std::size_t{64} * 1024> bytes{};
        const auto count = sys::read_some(from_, bytes, ExitCode::connection, "what is asked");
        heard_.reserve(heard_.size() + count);
        for (const auto byte : std::span(bytes).first(count)) {
            heard_ += static_cast<char>(byte);
        }
        return count > 0;
    }

    int from_;
    int to_;
    std::string heard_;  // that was not taken yet
};

void answer(Talk& talk, const SetupQuestion& question) {
    using What = SetupQuestion::What;
    const auto tell = [&](const Step& step) { talk.say(step); };
    switch (question.what) {
        case What::look:
            talk.say(look(*question.wishes));
            return;
        case What::carry_out:
            carry_out(*question.wishes, *question.agreed, tell);
            talk.say(SetupDone{});
            return;
        case What::check:
            talk.say(check(*question.wishes));
            return;
        case What::tell:
            talk.say(receiver_facts(*question.wishes));
            return;
        case What::look_back:
            talk.say(look_at_removal(question.wishes->tag));
            return;
        case What::take_back:
            remove(question.wishes->tag, *question.agreed, tell);
            talk.say(SetupDone{});
            return;
        case What::swallow:
            talk.swallow(question.bytes);
            talk.say(SetupDone{});
            return;
    }
}

}  // namespace

void answer_setup(int from, int to) {
    Talk talk(from, to);
    while (const auto question = talk.next()) {
        try {
            answer(talk, *question);
        } catch (const Failure& failure) {
            talk.say(failure);
        }
    }
}

}  // namespace snapferry::setup
