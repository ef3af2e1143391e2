#include "snapferry/restore/files/given_backup.h"

#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/snapshot_name.h"

namespace snapferry::restore {

std::string line_of(const GivenBackup& given) {
    const nlohmann::json line{{"backup", given.name},
                              {"taken", given.taken.time_since_epoch().count()},
                              {"manifest", given.has_manifest},
                              {"no_manifest", given.no_manifest}};
    return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

GivenBackup parse_given_backup(std::string_view line) {
    try {
        const auto json = nlohmann::json::parse(line);
        GivenBackup given;
        given.name = json.at("backup").get<std::string>();
        const auto taken = json.at("taken").get<std::int64_t>();
        given.has_manifest = json.at("manifest").get<bool>();
        given.no_manifest = json.at("no_manifest").get<std::string>();
        constexpr std::int64_t latest = 253402300799;  // the end of the year 9999
        if (SnapshotName::parse(given.name) && taken >= 0 && taken <= latest) {
            given.taken = std::chrono::sys_seconds(std::chrono::seconds(taken));
            return given;
        }
    } catch (const nlohmann::json::exception&) {
        // as below
    }
    throw Failure(ExitCode::protocol, "the other machine does not say which backup it gives",
                  "install the same version at both ends");
}

}  // namespace snapferry::restore
