#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/alert/mail_settings.h"
#include "snapferry/core/alert/standing.h"
#include "snapferry/core/alert/trouble_book.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/sys/alert/outbox.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::sys {

/// The turn of one teller in a directory; waits a few minutes for another. `gives_way`: nothing
/// where one waits already, which looks only afterwards, and so does for all that come meanwhile:
/// who has the sender's key can begin as many as it likes. Throws Failure (busy, configuration).
std::optional<FileLock> take_turn(const std::filesystem::path& directory, bool gives_way);

/// Tells how things stand, once, once a day and when it is over, by the memory in one directory,
/// which is one teller's as long as it lives. A message waits in the outbox before it is remembered
/// as told: what is cut off in between tells twice.
class Teller {
  public:
    Teller(std::filesystem::path directory, FileLock turn, std::string machine, Log& log);

    /// What a way of telling ("mail", "hook") has to say of something now; where that is nothing,
    /// it is remembered that it was looked at. `goes_along`: with something else that is told.
    struct Due {
        std::string key;
        alert::Saying say = alert::Saying::nothing;
        alert::TroubleMemory memory;
        alert::Message message;
    };
    std::optional<Due> due(const std::string& way, const alert::Standing& standing,
                           const std::set<alert::Kind>& when, WallTime now,
                           bool goes_along = false);

    /// It was told.
    void told(const Due& due);

    /// Puts into the outbox what is due by mail; where anything is, also what will soon be.
    void tell_by_mail(const std::vector<alert::Standing>& standings,
                      const std::set<alert::Kind>& when, WallTime now);

    /// Whether it was told that it is there, and not yet that it is over: what has come back once
    /// is away for a day before that is said.
    [[nodiscard]] bool owes_end_of(const alert::Standing& standing) const;

    /// The keys with this beginning of what was told, by any way, and is not yet forgotten.
    [[nodiscard]] std::set<std::string> remembered(std::string_view beginning) const;

    /// Whether the word of this month is still to come; and that it goes.
    [[nodiscard]] bool owes_monthly_word(WallTime now) const;
    void tell_monthly(const alert::Message& message, WallTime now);

    /// Hands what waits to the server, as one mail, or where that was refused a few times one by
    /// one; what it does not take goes on waiting. Throws the last failure. `only_when_due`: not
    /// too soon after a try that failed.
    void send_what_waits(const alert::MailSettings& settings, bool only_when_due, WallTime now);

    /// Durably, what it knows now.
    void save(WallTime now) const;

  private:
    bool put_what_is_due(const std::vector<alert::Standing>& standings,
                         const std::set<alert::Kind>& when, WallTime now, bool goes_along);
    void send(const alert::MailSettings& settings, std::span<const Outbox::Waiting> waiting) const;
    std::optional<Failure> send_in_parts(const alert::MailSettings& settings,
                                         std::span<const Outbox::Waiting> waiting,
                                         std::size_t at_a_time) const;

    std::filesystem::path directory_;
    std::string machine_;
    Log& log_;
    FileLock lock_;
    Outbox outbox_;
    alert::TroubleBook book_;
};

/// This machine's name, as a person knows it.
std::string machine_name();

}  // namespace snapferry::sys
