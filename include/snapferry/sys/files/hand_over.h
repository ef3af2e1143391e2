#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// A place where other processes of the same user hand descriptors over to this one. Gone with this
/// object, and who has come to it and was not heard finds its connection closed.
class HandOverPlace {
  public:
    /// The longest word that may come with a descriptor.
    static constexpr std::size_t longest_word = 256;  // bytes

    struct Handed {
        UniqueFd connection;  ///< closed when the one who handed it over is no longer to wait
        UniqueFd descriptor;
        std::vector<std::byte> word;
    };

    /// Whatever is at `path` makes way. Throws Failure (`code`).
    HandOverPlace(std::filesystem::path path, ExitCode code);
    ~HandOverPlace();
    HandOverPlace(const HandOverPlace&) = delete;
    HandOverPlace& operator=(const HandOverPlace&) = delete;

    /// The next one who has come, without waiting; nothing where nobody is there. Who is another
    /// user, hands over nothing or says too much is passed over. Throws Failure (`code`).
    std::optional<Handed> next();

  private:
    std::optional<Handed> hear(UniqueFd connection) const;

    std::filesystem::path path_;
    ExitCode code_;
    UniqueFd listener_;
};

/// Hands `descriptor` over at the place, with a word. The connection that it returns ends when the
/// other side lets go of it. Throws Failure (`code`) where nobody listens there, or too many wait.
UniqueFd hand_over(const std::filesystem::path& place, std::span<const std::byte> word,
                   int descriptor, ExitCode code);

}  // namespace snapferry::sys
