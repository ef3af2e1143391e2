#include "snapferry/send/run/retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "snapferry/core/resume/headway.h"
#include "snapferry/core/text/duration_text.h"

namespace snapferry::send {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{2000};
constexpr milliseconds longest_pause{120'000};

/// After a broken connection the receiver may be busy with what came through it, for a while.
bool may_pass(const Failure& failure, unsigned attempt) {
    return failure.code() == ExitCode::connection || failure.code() == ExitCode::protocol ||
           (failure.code() == ExitCode::busy && attempt > 0);
}

/// Doubled each time, and between half and the whole of that.
milliseconds pause_before(unsigned attempt) {
    const auto whole = std::min(longest_pause, first_pause * (1 << std::min(attempt, 10U)));
    std::random_device random;
    std::uniform_int_distribution<milliseconds::rep> spread(whole.count() / 2, whole.count());
    return milliseconds{spread(random)};
}

/// "2 of 3", or how long it goes on.
std::string prospect(const Retries& retries, unsigned attempt, std::chrono::seconds left) {
    return attempt < retries.count ? fmt::format("{} of {}", attempt + 1, retries.count)
                                   : fmt::format("for up to {} more", duration_text(left));
}

}  // namespace

void with_retries(const Retries& retries, Log& log, const std::function<void()>& work,
                  const std::function<bool()>& gets_further) {
    auto since = retries.since;
    for (unsigned attempt = 0;; ++attempt) {
        try {
            work();
            return;
        } catch (const FinalFailure&) {
            throw;
        } catch (const Failure& failure) {
            if (!may_pass(failure, attempt)) {
                throw;
            }
            const auto now = Retries::Clock::now();
            since = since.value_or(now);
            if (gets_further()) {
                attempt = 0;
                since = now;
            }
            const auto left =
                std::chrono::ceil<std::chrono::seconds>(*since + retries.lasting - now);
            if (attempt >= retries.count && left <= std::chrono::seconds{0}) {
                throw;
            }
            const auto pause = pause_before(attempt);
            log.info("{}; trying again in {:.0f} s ({})", failure.what(),
                     static_cast<double>(pause.count()) / 1000, prospect(retries, attempt, left));
            std::this_thread::sleep_for(pause);
        }
    }
}

void with_retries(const Retries& retries, Log& log, const JobProgress& progress,
                  const std::function<void()>& work) {
    Headway headway;
    with_retries(retries, log, work, [&] {
        const auto at = progress.view();
        return headway.gets_further(at.snapshot, at.begin);
    });
}

}  // namespace snapferry::send
