#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a shell is told when a person asks it how a command line may go on.
namespace snapferry::programs {

/// What stands before the words of such a question: PROGRAM --complete WORD... with the last word
/// as far as it is written, which may be "".
inline constexpr std::string_view completion_question = "--complete";

/// The values that `what` may have (TAG, JOB: as the help calls them), given the words before. None
/// where nobody knows any.
using Values = std::function<std::vector<std::string>(std::string_view what,
                                                      std::span<const std::string> before)>;

/// The answer: a line "words", "files" or "directories", the kind of the last word; behind "words"
/// each word that fits on a line of its own, with a tab and what it means where that is known. It
/// is found by what the program itself declares, and so is never older than that.
std::string completion(const CLI::App& app, std::span<const std::string> words,
                       const Values& values);

/// What a program's arguments ask; nothing where they are no such question.
std::optional<std::vector<std::string>> completion_asked(int argc, char** argv);

}  // namespace snapferry::programs
