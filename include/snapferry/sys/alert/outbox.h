#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/alert/standing.h"

namespace snapferry::sys {

/// Messages that are to leave as mails, durably, each in a file. Of one thing only the newest
/// waits: what says that it is over says how long it lasted. Throws Failure (configuration).
class Outbox {
  public:
    explicit Outbox(std::filesystem::path directory) : directory_(std::move(directory)) {}

    struct Waiting {
        std::filesystem::path file;
        alert::Message message;
        WallTime since{};
        std::string id;
    };

    /// What the last try came to, where it failed.
    struct Trouble {
        WallTime since{};
        WallTime last{};
        unsigned tries = 0;
        std::string why;
    };

    /// After return a power cut cannot take it.
    void put(const std::string& key, const alert::Message& message, WallTime now) const;

    /// The oldest first. What is broken is left out, and deleted.
    [[nodiscard]] std::vector<Waiting> waiting() const;

    /// It has left; unless another message about the same has taken its place.
    void remove(const Waiting& sent) const;

    [[nodiscard]] std::optional<Trouble> trouble() const;
    void note_trouble(const std::string& why, WallTime now) const;
    void note_no_trouble() const;

  private:
    [[nodiscard]] std::filesystem::path trouble_file() const;

    std::filesystem::path directory_;
};

/// After a failure it is tried again after a minute, then less and less often, at the latest after
/// half an hour.
bool is_due(const std::optional<Outbox::Trouble>& trouble, WallTime now);

}  // namespace snapferry::sys
