#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "snapferry/core/names/tag.h"
#include "snapferry/send/config/config.h"

namespace snapferry::setup {

/// What somebody wants this machine to send, and where to.
struct SenderWishes {
    explicit SenderWishes(Tag of) : tag(std::move(of)) {}

    Tag tag;  ///< at the receiver
    std::string host;
    unsigned port = 22;
    std::string user = "backups";
    std::string receiver;                ///< its name in send.toml; empty for one that suits
    std::filesystem::path snapshot_dir;  ///< of what is sent
    std::string source_tag;
    /// Of which snapshots are made there from now on; empty where somebody makes them already.
    std::filesystem::path make_of;
    std::string person;         ///< where a person logs in there; empty where that is not known
    bool start_daemon = false;  ///< now and whenever this machine starts
    std::filesystem::path config = send::config_path;
};

}  // namespace snapferry::setup
