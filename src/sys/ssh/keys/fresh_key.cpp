#include "snapferry/sys/ssh/keys/fresh_key.h"

#include <stdlib.h>

#include <filesystem>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::ssh {
namespace {

constexpr std::size_t largest = 16 * 1024;  // bytes; of either half

/// For root alone, in memory, and gone with this object.
class Workshop {
  public:
    Workshop() {
        std::string name = "/run/snapferry-key-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            throw sys::system_failure(ExitCode::configuration, "make a directory in /run");
        }
        path_ = name;
    }
    ~Workshop() {
        try {
            sys::delete_tree(path_, ExitCode::internal);
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): it goes when the machine ends
        }
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    [[nodiscard]] std::filesystem::path file(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file) {
    if (auto text = sys::read_own_file(file, largest)) {
        return std::move(*text);
    }
    throw Failure(ExitCode::internal, "ssh-keygen made no key");
}

}  // namespace

FreshKey make_key(const std::string& comment) {
    const Workshop workshop;
    const auto file = workshop.file("key");
    (void)sys::output_of("ssh-keygen",
                         {"-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file.native()});
    auto line = content_of(workshop.file("key.pub"));
    line.resize(line.find_last_not_of('\n') + 1);
    return {sys::Secret(content_of(file)), std::move(line)};
}

}  // namespace snapferry::ssh
