#pragma once

#include <string>

namespace snapferry::sys {

/// A text that is not for everybody's eyes and is wiped from memory when it goes.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret();
    Secret(Secret&& other) noexcept { text_.swap(other.text_); }
    Secret& operator=(Secret&& other) noexcept {
        text_.swap(other.text_);
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

/// Asks on the terminal that the program was started from, whatever its standard descriptors are,
/// and does not show what is typed. Throws Failure (authentication) where there is no terminal. A
/// signal that ends the program does so when the terminal is as it was.
Secret ask_for_secret(const std::string& question);

}  // namespace snapferry::sys
