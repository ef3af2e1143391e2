#include "snapferry/core/report/hook_environment.h"

#include <fmt/format.h>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

std::int64_t seconds_of(WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// What has been told of a run so far, in the order of the manual.
class Variables {
  public:
    void add(std::string_view name, std::string_view value) {
        all_.push_back(fmt::format("SNAPFERRY_{}={}", name, value));
    }

    template <typename Number>
    void add_known(std::string_view name, const std::optional<Number>& number) {
        add(name, number ? std::to_string(*number) : "");
    }

    [[nodiscard]] std::vector<std::string> all() && { return std::move(all_); }

  private:
    std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> hook_environment(std::string_view event, const RunReport& report,
                                          std::optional<std::chrono::seconds> age) {
    const bool has_run = !report.run.empty();
    const auto of_run = [&](const std::string& text) { return has_run ? text : ""; };
    Variables variables;
    variables.add("EVENT", event);
    variables.add("JOB", report.job);
    variables.add("TAG", report.identity.dest_tag);
    variables.add("RECEIVER", report.identity.host);
    variables.add("RUN", report.run);
    variables.add("OUTCOME", of_run(std::string(exit_code_name(report.outcome))));
    variables.add("EXIT_CODE", of_run(std::to_string(static_cast<int>(report.outcome))));
    variables.add("ERROR", safe_line(report.error));
    variables.add("SNAPSHOT", report.snapshot);
    variables.add("PARENT", report.parent);
    variables.add("BYTES", of_run(std::to_string(report.stream_bytes)));
    variables.add("WIRE_BYTES", of_run(std::to_string(report.wire_bytes)));
    variables.add("STARTED", of_run(std::to_string(seconds_of(report.started))));
    variables.add("SECONDS", of_run(fmt::format(
                                 "{:.1f}", static_cast<double>(report.duration.count()) / 1000)));
    const auto* const newest = report.newest.snapshot();
    variables.add("NEWEST", newest == nullptr ? "" : newest->name);
    variables.add_known("NEWEST_TAKEN", newest == nullptr
                                            ? std::nullopt
                                            : std::optional(seconds_of(newest->taken)));
    variables.add_known("AGE", age ? std::optional(age->count()) : std::nullopt);
    variables.add("KEPT", report.kept ? std::to_string(report.kept->size()) : "");
    variables.add_known("FREE_BYTES", report.receiver_free_bytes);
    return std::move(variables).all();
}

}  // namespace snapferry
