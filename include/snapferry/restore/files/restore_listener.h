#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "snapferry/core/manifest/difference.h"

namespace snapferry::restore {

/// Hears how a restore gets on. Paths are in the bytes of the disk.
class RestoreListener {
  public:
    virtual ~RestoreListener() = default;

    /// "looking", "copying", "comparing", and how many bytes that is about.
    virtual void begins(const std::string& phase, std::uint64_t bytes) = 0;
    virtual void went_on(std::uint64_t bytes) = 0;

    /// What is there differs in this, and is left alone.
    virtual void left_alone(const std::string& path,
                            const std::vector<manifest::Aspect>& differs) = 0;

    /// It could not be restored.
    virtual void failed(const std::string& path, const std::string& why) = 0;

    /// It was restored, and is not as it should be.
    virtual void differs(const manifest::Difference& difference) = 0;

    /// Called often: throws Failure (interrupted) where a person wants it to end.
    virtual void stop_if_asked() = 0;
};

}  // namespace snapferry::restore
