#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

/// The form of the history's database, and how one of an earlier form becomes one of this.
namespace snapferry::sys::history {

std::string hint_for(int code);

/// Runs `work`; what SQLite complains of becomes a Failure that names the file.
template <typename Work>
auto told(const std::filesystem::path& file, std::string_view operation, Work work) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        throw Failure(ExitCode::configuration,
                      fmt::format("cannot {} the history {}: {}", operation,
                                  escape_text(file.native()), error.what()),
                      hint_for(error.getErrorCode()));
    }
}

/// Makes the file (0600), and its directory (0700), where they are missing. Throws Failure.
void make_file(const std::filesystem::path& file);

/// Opens it, and brings it to the present form, in one step or not at all. Throws Failure, also
/// where it is of a newer form.
std::unique_ptr<SQLite::Database> open_database(const std::filesystem::path& file);

}  // namespace snapferry::sys::history
