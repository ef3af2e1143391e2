#include "core/stream/real_stream.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace snapferry::stream::testing {

Bytes real_stream(const std::string& name) {
    std::ifstream file{std::string{SNAPFERRY_FIXTURES "/"} + name + ".stream", std::ios::binary};
    if (!file)
        throw std::runtime_error("no fixture " + name);
    const std::vector<char> content{std::istreambuf_iterator<char>{file}, {}};
    const auto bytes = std::as_bytes(std::span{content});
    return {bytes.begin(), bytes.end()};
}

StreamIdentity identity_in(const Bytes& stream) {
    Reader reader;
    reader.push(stream);
    return identity_of(reader.next().value());
}

Reading read(std::span<const std::byte> stream, const StreamIdentity& announced,
             std::size_t piece_size) {
    Reader reader;
    std::optional<Guard> guard;
    Reading reading;
    while (!stream.empty()) {
        const auto piece = stream.first(std::min(piece_size, stream.size()));
        reader.push(piece);
        stream = stream.subspan(piece.size());
        while (const auto command = reader.next()) {
            if (!guard)
                guard.emplace(announced, form_of(*reader.version()));
            guard->check(*command);
            reading.commands.insert(reading.commands.end(), command->bytes().begin(),
                                    command->bytes().end());
            ++reading.count;
        }
    }
    reading.whole = guard && guard->ended() && !reader.has_partial_command();
    return reading;
}

}  // namespace snapferry::stream::testing
