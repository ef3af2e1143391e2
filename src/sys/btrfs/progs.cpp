#include "snapferry/sys/btrfs/progs.h"

#include <array>
#include <string>

#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/processes/process.h"

namespace snapferry::btrfs {

std::optional<ProgsVersion> progs_version() {
    auto output = sys::Pipe::make();
    sys::Command command;
    command.program = sys::find_program("btrfs", ExitCode::receiving);
    command.arguments = {"--version"};
    command.standard_output = std::move(output.write_end);
    auto process = sys::Process::start(std::move(command));

    std::array<char, 64> said{};  // more than the line has
    const auto count =
        sys::read_some(output.read_end.get(), std::as_writable_bytes(std::span(said)),
                       ExitCode::receiving, "the version of btrfs-progs");
    process.wait();
    return parse_progs_version({said.data(), count});
}

}  // namespace snapferry::btrfs
