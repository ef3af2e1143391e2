#include "snapferry/send/stream/stream_size.h"

#include <algorithm>
#include <future>
#include <thread>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/data_size.h"
#include "snapferry/core/stream/reader.h"
#include "snapferry/sys/btrfs/compressed_extents.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::send {
namespace {

/// What the commands of a stream without data add up to.
struct Count {
    std::uint64_t size = stream::stream_header_size;
    std::uint64_t data = 0;         ///< of extents that surely take space of their own
    bool asks_to_compress = false;  ///< a file has the property: it is stored smaller

    void add(const stream::Command& command) {
        size += stream::size_with_data(command);
        data += stream::data_named_by(command);
        asks_to_compress = asks_to_compress || stream::asks_for_compression(command);
    }
};

std::optional<Count> count(btrfs::KernelSend& send, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds attention{200};
    stream::Reader reader;
    Count sum;
    while (!stop.stop_requested()) {
        if (!sys::wait_readable(send.descriptor(), attention)) {
            continue;
        }
        const auto read = sys::read_some(send.descriptor(), reader.space(), ExitCode::sending,
                                         "the kernel's stream");
        if (read == 0) {
            send.finish();
            return sum;
        }
        reader.commit(read);
        while (const auto command = reader.next()) {
            sum.add(*command);
        }
    }
    return std::nullopt;
}

/// What was written before the parent was taken is not sent. A pin was made later than what it is
/// of, and tells when that was.
std::uint64_t transaction_of(const std::optional<std::filesystem::path>& parent) {
    const auto info = parent ? btrfs::subvolume_info(*parent, ExitCode::sending) : std::nullopt;
    if (!info) {
        return 0;
    }
    return info->sent == 0 ? info->created : std::min(info->created, info->sent);
}

/// What is compressed travels, and is stored, as it lies; what is sure to take as much space as it
/// names is the rest.
StreamSize size_of(const Count& sum, const btrfs::SendRequest& request,
                   const std::stop_token& stop) {
    StreamSize size{sum.size, sum.asks_to_compress ? 0 : sum.data, sum.size};
    if (request.form != stream::Form::v2_compressed) {
        return size;
    }
    const auto compressed = btrfs::compressed_data(request.snapshot, transaction_of(request.parent),
                                                   [&] { return !stop.stop_requested(); });
    if (stop.stop_requested()) {
        return {sum.size, 0, sum.size};
    }
    size.as_it_lies -= std::min(size.as_it_lies, compressed.unpacked);
    size.as_it_lies += compressed.as_it_lies;
    size.least -= std::min(size.least, compressed.unpacked);
    return size;
}

}  // namespace

std::optional<StreamSize> measure_stream(btrfs::SendRequest request, const std::stop_token& stop) {
    request.without_data = true;
    btrfs::KernelSend send(request);
    const auto sum = count(send, stop);
    return sum ? std::optional(size_of(*sum, request, stop)) : std::nullopt;
}

std::optional<StreamSize> measure_stream_within(const btrfs::SendRequest& request,
                                                std::chrono::seconds patience,
                                                const std::function<void()>& meanwhile) {
    constexpr std::chrono::seconds step{2};
    std::promise<std::optional<StreamSize>> promise;
    auto answer = promise.get_future();
    std::jthread thread([&](const std::stop_token& stop) {
        try {
            promise.set_value(measure_stream(request, stop));
        } catch (const std::exception&) {
            promise.set_value(std::nullopt);
        }
    });
    for (std::chrono::seconds waited{0}; waited < patience; waited += step) {
        if (answer.wait_for(step) == std::future_status::ready) {
            break;
        }
        meanwhile();
    }
    thread.request_stop();
    return answer.get();
}

}  // namespace snapferry::send
