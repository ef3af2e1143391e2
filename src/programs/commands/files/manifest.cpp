#include <memory>
#include <string>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::commands {
namespace {

/// Lines of a manifest are short, and millions of them are many writes.
class Output {
  public:
    void take(std::string_view text) {
        held_ += text;
        if (held_.size() >= enough) {
            flush();
        }
    }
    void flush() {
        print(held_);
        held_.clear();
    }

  private:
    static constexpr std::size_t enough = std::size_t{64} * 1024;  // bytes
    std::string held_;
};

ExitCode print_manifest(const std::string& directory) {
    Output output;
    sys::write_manifest(directory, ExitCode::directory_missing,
                        [&](std::string_view text) { output.take(text); });
    output.flush();
    return ExitCode::done;
}

}  // namespace

Command declare_manifest(CLI::App& app, const Shared& /*shared*/) {
    const auto directory = std::make_shared<std::string>();
    auto* const command = app.add_subcommand(
        "manifest", "what a directory holds, entry by entry, with digests of all contents");
    command->add_option("DIRECTORY", *directory, "a snapshot, or any other directory")->required();
    return {command, [directory] { return print_manifest(*directory); }};
}

}  // namespace snapferry::commands
