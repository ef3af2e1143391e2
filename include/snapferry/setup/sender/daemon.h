#pragma once

/// The daemon of snapshot-send, where systemd runs this machine. Each throws Failure
/// (configuration) where systemctl fails.
namespace snapferry::setup {

inline constexpr auto command_to_start_daemon = "sudo systemctl enable --now snapferry-send";

/// It could run, and does not, or would not after a start of the machine.
bool can_start_daemon();

void start_daemon();

/// Where it runs.
void have_daemon_reload();

}  // namespace snapferry::setup
