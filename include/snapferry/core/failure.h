#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "snapferry/core/exit_code.h"

namespace snapferry {

/// A failure a person has to hear of: what failed, on what and why in `what()` (no program name, no
/// capital, no full stop), what to do next in `hint()` (may be empty), and the program's exit code.
class Failure : public std::runtime_error {
  public:
    Failure(ExitCode code, const std::string& message, std::string hint = {})
        : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

    [[nodiscard]] ExitCode code() const { return code_; }
    [[nodiscard]] const std::string& hint() const { return hint_; }

    /// It says nothing about what was being sent: at another time the same may go well.
    [[nodiscard]] bool may_pass() const { return may_pass_; }

  protected:
    void set_may_pass(bool may_pass) { may_pass_ = may_pass; }

  private:
    ExitCode code_;
    std::string hint_;
    bool may_pass_ = false;
};

/// One that may pass, also where it is caught and thrown again as a Failure.
class PassingFailure : public Failure {
  public:
    PassingFailure(ExitCode code, const std::string& message, std::string hint = {})
        : Failure(code, message, std::move(hint)) {
        set_may_pass(true);
    }
};

/// What failed, and what to do, in one line.
inline std::string failure_text(const Failure& failure) {
    return failure.hint().empty() ? failure.what()
                                  : std::string(failure.what()) + "; " + failure.hint();
}

}  // namespace snapferry
