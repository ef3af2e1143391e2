#include <fmt/format.h>

#include <chrono>

#include "snapferry/core/failure.h"
#include "snapferry/core/guard/path_watch.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/stream/stream_source.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::send {
namespace {

class KernelSource : public StreamSource {
  public:
    explicit KernelSource(const btrfs::SendRequest& request) : stream_(request) {}

    std::optional<std::size_t> read(std::span<std::byte> into) override {
        if (!sys::wait_readable(descriptor(), std::chrono::milliseconds{0})) {
            return std::nullopt;
        }
        const auto count =
            sys::read_some(descriptor(), into, ExitCode::sending, "the kernel's stream");
        files_.push(into.first(count));
        return count;
    }

    [[nodiscard]] int descriptor() const override { return stream_.descriptor(); }

    /// The kernel does not say which file it could not read.
    void finish() override {
        try {
            stream_.finish();
        } catch (const PassingFailure&) {
            throw;
        } catch (const Failure& failure) {
            const auto& last_path = files_.last_path();
            throw Failure(failure.code(),
                          last_path.empty() ? std::string(failure.what())
                                            : fmt::format("{}, at the file {} or the next",
                                                          failure.what(), escape_text(last_path)),
                          unreadable_file_hint);
        }
    }

  private:
    btrfs::KernelSend stream_;
    stream::PathWatch files_{0};
};

}  // namespace

std::unique_ptr<StreamSource> make_kernel_source(const btrfs::SendRequest& request) {
    return std::make_unique<KernelSource>(request);
}

}  // namespace snapferry::send
