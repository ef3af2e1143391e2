#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/plan.h"
#include "snapferry/core/setup/receiver_facts.h"
#include "snapferry/core/setup/receiver_wishes.h"

/// What `snapferry pair` and the machine that is to receive say to each other behind the request
/// "setup", a line of JSON each: docs/protocol.md.
namespace snapferry::setup {

/// The word of a request for such a conversation.
inline constexpr auto setup_request = "setup";

/// bytes; of a line, in either direction.
inline constexpr std::size_t longest_talk = std::size_t{512} * 1024;

struct SetupQuestion {
    enum class What {
        look,       ///< what would be changed for these wishes: answered by a Plan
        carry_out,  ///< do what was agreed to: by a Step each, and SetupDone
        check,      ///< test all of it: by Findings
        tell,       ///< by ReceiverFacts
        look_back,  ///< what would be taken back: by a Plan
        take_back,  ///< take back what was agreed to: by a Step each, and SetupDone
        swallow,    ///< read so many bytes that follow, for the time that takes: by SetupDone
    };
    What what = What::look;
    std::optional<ReceiverWishes> wishes{};  ///< always, but for swallow
    std::optional<Plan> agreed{};            ///< of carry_out and take_back
    std::uint64_t bytes = 0;                 ///< of swallow

    bool operator==(const SetupQuestion&) const = default;
};

inline constexpr std::uint64_t most_swallowed = std::uint64_t{64} << 20;  // bytes

struct SetupDone {};

/// A Failure says why nothing further comes.
using SetupAnswer =
    std::variant<Plan, Step, std::vector<Finding>, ReceiverFacts, SetupDone, Failure>;

/// One line each, without the line feed.
std::string line_of(const SetupQuestion& question);
std::string line_of(const SetupAnswer& answer);

/// Throw Failure (protocol) where the line is none: the other machine may be anybody's.
SetupQuestion parse_question(std::string_view line);
SetupAnswer parse_answer(std::string_view line);

}  // namespace snapferry::setup
