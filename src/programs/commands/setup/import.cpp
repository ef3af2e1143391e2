#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/importing/btrbk_import.h"
#include "snapferry/core/setup/text/toml_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/config/toml_change.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

using Tables = std::vector<importing::ImportedTable>;

constexpr std::size_t most_read = std::size_t{1024} * 1024;  // bytes of a configuration

struct Options {
    std::string file;
    bool write = false;
};

importing::Import read_import(const std::string& file) {
    const auto text = sys::read_small_file(file, most_read);
    if (!text) {
        throw Failure(ExitCode::configuration, fmt::format("{} is not there", escape_text(file)),
                      "btrbk's is /etc/btrbk/btrbk.conf, as a rule");
    }
    auto import = importing::import_btrbk(importing::parse_btrbk(*text));
    if (import.send.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("nothing in {} can be carried over{}", escape_text(file),
                                  import.notes.empty()
                                      ? ""
                                      : fmt::format(" (line {}: {})", import.notes.front().line,
                                                    import.notes.front().text)),
                      "it has to be a configuration of btrbk, btrbk.conf(5), with a subvolume");
    }
    return import;
}

/// As comments, so that the whole may be put into a file.
std::string notes_text(const importing::Import& import, const std::string& file) {
    std::string text =
        "# The snapshots and backups that btrbk has made stay as they are: their names carry no "
        "tag, so nothing\n# here counts, sends or deletes them. The first backup goes in full.\n";
    for (const auto& note : import.notes) {
        text += fmt::format("# {}:{}: {}\n", escape_text(file), note.line, note.text);
    }
    return text;
}

void print_all(const importing::Import& import, const Options& options, const Shared& shared) {
    print(fmt::format("# For {} on this machine:\n\n{}", escape_text(shared.config),
                      importing::text_of(import.send)));
    for (const auto& [host, tables] : import.receive) {
        print(fmt::format("\n# For /etc/snapferry/receive.toml on {}:\n#\n", escape_text(host)));
        const auto text = importing::text_of(tables);
        std::string commented;
        for (std::size_t begin = 0; begin < text.size();) {
            const auto end = std::min(text.find('\n', begin), text.size() - 1);
            const auto line = text.substr(begin, end - begin + 1);
            commented += line == "\n" ? "#\n" : "# " + line;
            begin = end + 1;
        }
        print(commented);
    }
    print("\n" + notes_text(import, options.file));
}

std::string with_tables(std::string text, const Tables& tables, const std::string& file) {
    for (const auto& [table, entries] : tables) {
        if (setup::without_table(text, table) != text) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} has {} already, and nothing was written",
                                      escape_text(file), setup::toml_header(table)),
                          "rename that one, or take over by hand what is printed without --write");
        }
        text = setup::with_entries(text, table, entries);
    }
    return text;
}

/// Read as the programs will read it, before it takes the place of what is there.
void write_send(const Tables& tables, const std::string& file) {
    constexpr unsigned for_root_alone = 0600;
    sys::require_root("the configuration belongs to root");
    std::vector<setup::TomlTable> changed;
    changed.reserve(tables.size());
    for (const auto& each : tables) {
        changed.push_back(each.table);
    }
    sys::edit_carefully(
        file, for_root_alone,
        [&](const std::string& before) {
            auto after = with_tables(before, tables, file);
            sys::require_same_but_for(before, after, changed, file);
            return after;
        },
        [](const std::filesystem::path& candidate) { (void)send::load_config(candidate); }, [] {});
}

ExitCode import(const Shared& shared, const Options& options) {
    const auto imported = read_import(options.file);
    if (options.write) {
        write_send(imported.send, shared.config);
    }
    print_all(imported, options, shared);
    if (options.write) {
        print(fmt::format("\n{} has it; the rest is for the other machine, or yours to read\n",
                          escape_text(shared.config)));
    }
    return ExitCode::done;
}

}  // namespace

Command declare_import(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "import", "turn a configuration of btrbk into one of snapferry, as far as that goes");
    command->add_option("FILE", options->file, "btrbk.conf")->required()->type_name("");
    command->add_flag("--write", options->write,
                      "add it to the configuration of this machine, which keeps what it has");
    return {command, [&shared, options] { return import(shared, *options); }};
}

}  // namespace snapferry::commands
