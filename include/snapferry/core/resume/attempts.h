#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/names/uuid.h"

/// What has failed before, so that it does not fail for ever: what failed in the same way twice is
/// not used a third time, be it what the receiver has of an interrupted stream, a parent, or a
/// snapshot.
namespace snapferry {

/// One try to send a snapshot.
struct Attempt {
    Uuid snapshot;
    std::string name;  ///< of the snapshot
    std::optional<Uuid> parent{};
    bool resumed = false;     ///< it went on with what the receiver had
    std::uint64_t begin = 0;  ///< bytes of the stream that the receiver had
};

struct FailedPart {
    enum class Kind { checkpoint, parent, snapshot };

    Kind kind = Kind::snapshot;
    Uuid uuid;                          ///< of the parent, or of the snapshot
    std::string name;                   ///< of the snapshot that was being sent
    ExitCode code = ExitCode::sending;  ///< of the last failure
    std::string words;                  ///< of the last failure
    unsigned times = 1;                 ///< in a row, in the same way
    std::optional<Uuid> with{};         ///< of a snapshot: the parent it was last tried with
    bool resumed = false;               ///< likewise, and it was gone on with
    std::uint64_t begin = 0;            ///< where it was last gone on with

    friend bool operator==(const FailedPart&, const FailedPart&) = default;
};

class Attempts {
  public:
    Attempts() = default;
    explicit Attempts(std::vector<FailedPart> parts) : parts_(std::move(parts)) {}

    /// Whom a failure is counted against: what was gone on with, unless the receiver has got
    /// further since it failed before; else the parent; and the snapshot too where it has failed in
    /// the same way without a parent; in full, the snapshot.
    void failed(const Attempt& attempt, ExitCode code, const std::string& words);

    /// It arrived: nothing is held against what it took.
    void succeeded(const Attempt& attempt);

    /// The receiver has taken a stream from its beginning: what it had is not there any more.
    void begun_afresh(const Uuid& snapshot);

    /// Forgets what is said of snapshots and parents that are not `here` any more.
    void keep_only(const std::set<Uuid>& here);

    void forget_all() { parts_.clear(); }

    [[nodiscard]] bool is_spent(FailedPart::Kind kind, const Uuid& uuid) const;

    /// The snapshots that cannot be sent.
    [[nodiscard]] std::vector<FailedPart> bad_snapshots() const;

    [[nodiscard]] std::span<const FailedPart> parts() const { return parts_; }

  private:
    [[nodiscard]] const FailedPart* find(FailedPart::Kind kind, const Uuid& uuid) const;
    void blame(FailedPart part);
    void spend(FailedPart::Kind kind, const Uuid& uuid);
    void remember(FailedPart part);
    void blame_snapshot(const Attempt& attempt, ExitCode code, const std::string& words);
    void forgive(FailedPart::Kind kind, const Uuid& uuid);

    std::vector<FailedPart> parts_;
};

/// How often something may fail in the same way before it is used no more.
inline constexpr unsigned most_failures = 2;

/// How many parts are remembered; the oldest go first.
inline constexpr std::size_t most_failed_parts = 64;

}  // namespace snapferry
