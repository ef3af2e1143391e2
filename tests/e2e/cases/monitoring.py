"""What others watch backups with, each by the real program: collectd, rsyslog, and a web service for hooks."""

import contextlib
import http.server
import json
import os
import shutil
import subprocess
import threading
import time

from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_that
from harness.data import MIB, noise
from harness.documents import ROOT, blocks
from harness.processes import POLL
from harness.send_toml import job, receiver
from harness.verdict import Skipped, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

NO_PORT = 1  # nobody listens there
SCRIPT = os.path.join(ROOT, "packaging/monitoring/collectd-exec")
HOOKS = os.path.join(ROOT, "packaging/hooks")
COLLECTD = """Hostname "nas"
FQDNLookup false
BaseDir "{directory}"
PIDFile "{directory}/pid"
Interval 1
LoadPlugin logfile
<Plugin logfile>
  File "{directory}/log"
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "{directory}/csv"
  StoreRates false
</Plugin>
{exec}
"""


def _needs(*programs):
    for program in programs:
        if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            raise Skipped(f"{program} is not installed")


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _directory(world, name):
    path = os.path.join(world.directory, f"{name} {time.monotonic_ns()}".replace(" ", "-"))
    os.mkdir(path, 0o755)
    return path


@contextlib.contextmanager
def _running(*command):
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


# ---- collectd ------------------------------------------------------------------------------------


def _exec_lines(script, file):
    """What the documents say for collectd, with these paths."""
    block = next(block.text for block in blocks("docs/operations.md") if "LoadPlugin exec" in block.text)
    for told, here in (("/usr/share/snapferry/monitoring/collectd-exec", script),
                       ("/var/lib/prometheus/node-exporter/snapferry.prom", file)):
        check(told in block, f"nothing of {told} in the documents")
        block = block.replace(told, here)
    return block


def _written(directory):
    """{name: last value} of what collectd has written of each job."""
    found = {}
    for place, _, names in os.walk(os.path.join(directory, "csv", "nas")):
        for name in names:
            with open(os.path.join(place, name), encoding="ascii") as file:
                lines = file.read().splitlines()
            if len(lines) > 1:
                without_day = name.removeprefix("gauge-")[:-len("-2026-11-27")]
                found[os.path.basename(place), without_day] = float(lines[-1].split(",")[1])
    return found


@case(needs=ALL_PROGRAMS)
def of_a_receiver_that_has_nothing_collectd_is_told_an_age_that_alarms(world):
    numbers = os.path.join(_directory(world, "numbers"), "snapferry.prom")
    write_file(numbers, 'snapferry_newest_backup_timestamp_seconds{backup="home"} 0\n')
    with subprocess.Popen(["/bin/sh", SCRIPT, numbers], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "COLLECTD_INTERVAL": "1"}) as script:
        lines = [script.stdout.readline() for _ in range(2)]
        script.kill()
    check_says(lines[1], "newest_backup_age_seconds")
    check(int(lines[1].rsplit(":", 1)[1]) > 10**9, f"the age: {lines[1]}")


@case(needs=ALL_PROGRAMS)
def collectd_has_the_numbers_that_prometheus_has(world):
    _needs("collectd", "awk")
    lane, directory = _ready(world), _directory(world, "collectd")
    os.chmod(directory, 0o777)
    numbers = os.path.join(_directory(world, "numbers"), "snapferry.prom")
    script = shutil.copy(SCRIPT, "/usr/local/sbin/collectd-exec")  # where anybody may read it
    write_file(SEND_CONFIGURATION, f'metrics_file = "{numbers}"\n' + receiver(world) + job(lane))
    world.start_sender("--job", lane.tag).finish().expect_well()
    write_file(os.path.join(directory, "conf"),
               COLLECTD.format(directory=directory, exec=_exec_lines(script, numbers)))
    with open(numbers, encoding="ascii") as file:
        wanted = dict(line.rsplit(" ", 1) for line in file.read().splitlines() if line[0] != "#")
    with _running("collectd", "-f", "-C", os.path.join(directory, "conf")):
        await_that(lambda: len(_written(directory)) > len(wanted), "collectd has all numbers")
    written = _written(directory)
    for sample, value in wanted.items():
        name = sample.partition("{")[0].removeprefix("snapferry_")
        if 'outcome="' in sample:
            name += "-" + sample.partition('outcome="')[2].partition('"')[0]
        found = written.get((f"snapferry-{lane.tag}", name))
        check(found is not None and abs(found - float(value)) <= 1e-6 * abs(float(value)),
              f"{sample}: collectd has {found}, Prometheus {value}; all: {written}")
    check(0 <= written[f"snapferry-{lane.tag}", "newest_backup_age_seconds"] < 3600, "the age")


@case
def names_of_jobs_cannot_break_out_of_a_line_for_collectd(world):
    numbers = os.path.join(_directory(world, "numbers"), "snapferry.prom")
    write_file(numbers, 'snapferry_kept_backups{backup="a/b \\"c\\\\"} 7\n'
               'snapferry_runs_total{backup="x",outcome="done",outcome="no_space"} 3\n'
               "other_kept_backups{backup=\"z\"} 9\nsnapferry_broken 1\n")
    with subprocess.Popen([SCRIPT, numbers], stdout=subprocess.PIPE, text=True,
                          env={"PATH": os.environ["PATH"], "COLLECTD_HOSTNAME": "nas",
                               "COLLECTD_INTERVAL": "10.000"}) as process:
        lines = [process.stdout.readline() for _ in range(2)]
        process.terminate()
    check(lines[0].startswith('PUTVAL "nas/snapferry-a_b __c__/gauge-kept_backups" interval=10 '),
          f"the first line: {lines[0]!r}")
    check(lines[0].endswith(":7\n"), f"the first line: {lines[0]!r}")
    check(all(line.count('"') == 2 for line in lines), f"quotes: {lines}")


# ---- rsyslog -------------------------------------------------------------------------------------


@case
def rsyslog_puts_what_the_receiver_says_into_a_file_of_its_own(world):
    _needs("rsyslogd", "logger")
    directory = _directory(world, "rsyslog")
    own, rest = os.path.join(directory, "own"), os.path.join(directory, "rest")
    with open(os.path.join(ROOT, "packaging/monitoring/rsyslog.conf"), encoding="utf-8") as file:
        drop_in = file.read()
    check("/var/log/snapferry.log" in drop_in, "the file has another name")
    conf, socket = os.path.join(directory, "conf"), os.path.join(directory, "socket")
    write_file(conf, f'module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="{socket}")\n' +
               drop_in.replace("/var/log/snapferry.log", own) +
               f'action(type="omfile" file="{rest}")\n')
    world.commands.run("rsyslogd", "-N1", "-f", conf).expect(0)
    with _running("rsyslogd", "-n", "-f", conf, "-i", os.path.join(directory, "pid")):
        await_that(lambda: os.path.exists(socket), "rsyslogd listens")
        for tag in ("snapshot-receive", "other", "snapshot-send"):
            world.commands.run("logger", "-u", socket, "-t", tag, f"a word of {tag}").expect(0)
        await_that(lambda: _text(own).count("a word of") == 2 and "other" in _text(rest),
                   "rsyslogd has written it")
    check_says(_text(own), "a word of snapshot-receive", "a word of snapshot-send")
    check("snapshot-" not in _text(rest), "it is in the other file, too")


def _text(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


@case(needs=ALL_PROGRAMS)
def the_check_of_consul_runs_what_ends_as_consul_reads_it(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    with open(os.path.join(ROOT, "packaging/monitoring/consul-check.json"), encoding="utf-8") as file:
        definition = json.load(file)["check"]
    check_equal(set(definition), {"id", "name", "args", "interval", "timeout"}, "its keys")
    arguments = definition["args"]
    check_equal(arguments[2:], ["/usr/sbin/snapferry", "check"], "what it runs by sudo")
    never = world.commands.run("/usr/local/sbin/snapferry", *arguments[3:], "--sending")
    check_equal(never.code, 2, "critical where it never ran")


# ---- hooks that are there ------------------------------------------------------------------------


class Web(http.server.ThreadingHTTPServer):
    """Notes what is posted."""

    def __init__(self):
        self.posted = []
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(POLL,), daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, dict(self.headers), body))
        self.send_response(403 if self.path.startswith("/refused") else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def _web():
    _needs("curl", "jq")
    web = Web()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()


def _configure(world, lane, hooks, **changed):
    write_file(SEND_CONFIGURATION, receiver(world, **changed) + job(lane, retries=0) + "[hooks]\n" +
               "".join(f'{key} = ["{os.path.join(HOOKS, program)}", "{url}"{rest}]\n'
                       for key, program, url, rest in hooks) + 'max_age = "50h"\n')


@case(needs=ALL_PROGRAMS)
def the_hook_for_ntfy_tells_a_phone_once_and_that_it_is_over(world):
    lane = _ready(world)
    headers = os.path.join(_directory(world, "ntfy"), "headers")
    write_file(headers, "Authorization: Bearer tk_secret\n", 0o600)
    with _web() as web:
        hooks = [("on_alert", "ntfy", web.url("topic"), f', "{headers}"')]
        _configure(world, lane, hooks, port=NO_PORT)
        for _ in range(2):
            world.start_sender("--job", lane.tag).finish().expect_trouble(10)
        _configure(world, lane, hooks)
        world.start_sender("--job", lane.tag).finish().expect_well()
        check_equal([path for path, _, _ in web.posted], ["/topic"] * 2, "what was posted")
        (_, first, body), (_, second, _) = web.posted
        check_says(first["Title"], lane.tag, "failed")
        check_equal((first["Priority"], first["Authorization"]), ("high", "Bearer tk_secret"), "headers")
        check_says(body, "Newest backup")
        check_says(second["Title"], "backed up again")
        check_equal(second["Priority"], "default", "the priority of what is over")


@case(needs=ALL_PROGRAMS)
def the_hook_for_pings_pings_each_run_and_says_which_failed(world):
    lane = _ready(world)
    with _web() as web:
        secret = os.path.join(_directory(world, "secret"), "address")
        write_file(secret, web.url("uuid") + "\n")
        hooks = [("on_fresh", "ping", web.url("uuid"), ""), ("on_failure", "ping", secret, "")]
        _configure(world, lane, hooks)
        world.start_sender("--job", lane.tag).finish().expect_well()
        _configure(world, lane, hooks, port=NO_PORT)
        world.start_sender("--job", lane.tag).finish().expect_trouble(10)
        check_equal([path for path, _, _ in web.posted], ["/uuid", "/uuid/fail"], "what was pinged")
        check_says(web.posted[1][2], lane.tag, "connection")


@case(needs=ALL_PROGRAMS)
def the_hook_for_webhooks_posts_json_and_what_refuses_it_is_a_warning(world):
    lane = _ready(world)
    with _web() as web:
        _configure(world, lane, [("on_alert", "webhook", web.url("hook"), "")], port=NO_PORT)
        world.start_sender("--job", lane.tag).finish().expect_trouble(10)
        posted = json.loads(web.posted[0][2])
        check_equal((posted["event"], posted["job"], posted["outcome"]),
                    ("failure", lane.tag, "connection"), "what was posted")
        check_says(posted["text"], "the backup failed", "Newest backup")
        without_jq = _directory(world, "programs")
        os.symlink(shutil.which("curl"), os.path.join(without_jq, "curl"))
        ended = subprocess.run([os.path.join(HOOKS, "webhook"), web.url("hook")], check=False, stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env={"PATH": without_jq})
        check(ended.returncode != 0 and len(web.posted) == 1, "an empty message was posted, and that is well")
        _configure(world, lane, [("on_alert", "webhook", web.url("refused"), "")])
        result = world.start_sender("--job", lane.tag).finish().expect_trouble(0)
        check_says(result.err, "on_alert", "403")
