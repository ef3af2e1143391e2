/// Writes a snapshot's full stream to standard output, made as the sender makes it:
///   made-stream SNAPSHOT FORM [WRITES [OFFSET]]
/// by the kernel, or filled with WRITES bytes of data a WRITE. With an OFFSET what comes before is
/// passed over, and the digest of its outline told on standard error. Exit code 3: no two commands
/// meet at OFFSET.
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/send/stream/stream_source.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace {

using namespace snapferry;

void pass_over(send::OutlinedSource& source, std::uint64_t offset) {
    wire::OutlineDigest digest;
    for (;;) {
        switch (source.pass_over(offset, digest)) {
            case send::Passing::waits:
                (void)sys::wait_readable(source.descriptor(), std::chrono::seconds{1});
                break;
            case send::Passing::goes_on:
                break;
            case send::Passing::arrived:
                fmt::print(stderr, "{}\n", digest.text());
                return;
            case send::Passing::no_border:
                std::exit(3);
        }
    }
}

void pour(send::StreamSource& source) {
    constexpr std::size_t piece = 1024 * 1024;
    std::vector<std::byte> buffer(piece);
    for (;;) {
        const auto count = source.read(buffer);
        if (!count) {
            (void)sys::wait_readable(source.descriptor(), std::chrono::seconds{1});
        } else if (*count == 0) {
            break;
        } else {
            sys::write_all(1, std::span(buffer).first(*count), ExitCode::internal, "the stream");
        }
    }
    source.finish();
}

}  // namespace

int main(int count, char** arguments) try {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    const btrfs::SendRequest request{
        words.at(0), {}, stream::parse_form(words.at(1)).value(), false};
    if (words.size() < 3) {
        pour(*send::make_kernel_source(request));
        return 0;
    }
    const auto source =
        send::make_filled_source(request, static_cast<std::uint32_t>(std::stoul(words.at(2))));
    if (words.size() > 3) {
        pass_over(*source, std::stoull(words.at(3)));
    }
    pour(*source);
    return 0;
} catch (const Failure& failure) {
    fmt::print(stderr, "{}\n", failure_text(failure));
    return 1;
}
