"""Runs the cases: workers in namespaces of their own, a world for each module, a verdict a case."""

import fnmatch
import os
import shutil
import tempfile
import time
from dataclasses import dataclass

from . import case, mounts, namespace, requirements
from .host import Host
from .report import LogTail, Report
from .verdict import Failed, Skipped
from .world import World


@dataclass
class Module:
    name: str
    world: dict  # options of the World that its cases share
    cases: list


def run(options):
    """Runs what options ask for; returns the exit code of tests/e2e/run."""
    report = Report(strict=bool(os.environ.get("SNAPFERRY_NO_SKIP")))
    modules = _chosen(options)
    if options.list:
        for module in modules:
            print(*module.cases, sep="\n")
        return 0
    if not modules:
        print(f"no test matches {' or '.join(map(repr, options.patterns))}")
        return 2
    if reason := requirements.missing_before_namespaces():
        _skip_all(modules, reason, report)
    else:
        _run_workers(modules, options, report)
    return report.summary()


def _chosen(options):
    patterns = [f"*{_plain(pattern)}*" for pattern in options.patterns or [""]]
    chosen = []
    for name, (world, cases) in case.load(options.cases).items():
        wanted = [one for one in cases if (options.long or not one.long)
                  and any(fnmatch.fnmatch(_plain(str(one)), pattern) for pattern in patterns)]
        if wanted:
            chosen.append(Module(name, world, wanted))
    return chosen


def _plain(text):
    return text.replace("_", " ").lower()


def _skip_all(modules, reason, report):
    for module in modules:
        for one in module.cases:
            report.skips(one, reason)


def _run_workers(modules, options, report):
    """Each worker takes the next module from a pipe, and tells its counts through another."""
    base = tempfile.mkdtemp(prefix="snapferry-e2e.")
    os.chmod(base, 0o755)  # the user of sshd must get to its home
    queue, to_queue = os.pipe()
    os.write(to_queue, bytes(range(len(modules))))
    os.close(to_queue)
    counts, to_counts = os.pipe()
    workers = [Worker(os.path.join(base, str(number)), modules, queue, options, report, to_counts)
               for number in range(min(options.jobs, len(modules)))]
    try:
        statuses = namespace.run_in_namespaces(*[worker.run for worker in workers])
    finally:
        shutil.rmtree(base, ignore_errors=True)
    os.close(to_counts)
    with os.fdopen(counts, encoding="ascii") as told:
        for line in told:
            report.add(*map(int, line.split()))
    for status in filter(None, statuses):
        report.breaks(f"a worker ended with status {status}")


class Worker:
    """Runs modules, one after the other, in a directory of its own."""

    def __init__(self, base, modules, queue, options, report, counts):
        self._base, self._modules, self._queue = base, modules, queue
        self._options, self._report, self._counts = options, report, counts
        os.mkdir(base, 0o755)
        self._images = os.path.join(base, "images")  # on disk where memory is short
        self._work = os.path.join(base, "work")

    def run(self):
        """The body of a namespace."""
        try:
            self._run_modules()
        except KeyboardInterrupt:
            self._report.breaks("interrupted")
        os.write(self._counts, self._report.counts().encode())
        return 0

    def _run_modules(self):
        missing = self._prepare()
        while index := os.read(self._queue, 1):
            module = self._modules[index[0]]
            if missing:
                _skip_all([module], missing, self._report)
            else:
                self._run_module(module)

    def _prepare(self):
        """Makes everything private; returns what is missing for that, or None."""
        for directory in (self._images, self._work):
            os.mkdir(directory, 0o755)
        mounts.mount("tmpfs", self._work, "tmpfs", 0, "mode=755")
        if requirements.memory_available() >= requirements.MEMORY_FOR_IMAGES * self._options.jobs:
            mounts.mount("tmpfs", self._images, "tmpfs", 0, "mode=755,size=90%")
        if missing := requirements.missing_inside(self._work, self._images):
            return missing
        self._programs = self._copy_programs()
        self._host = Host(self._work)
        return None

    def _copy_programs(self):
        """The programs under test: their own directory may be hidden by what we mount."""
        found = {}
        for name in (*case.ALL_PROGRAMS, *case.TEST_PROGRAMS):
            built = os.path.join(self._options.bin, name)
            if os.access(built, os.X_OK):
                found[name] = shutil.copy(built, os.path.join(self._work, name))
        return found

    def _run_module(self, module):
        runnable = []
        for one in module.cases:
            absent = [name for name in one.needs if name not in self._programs]
            if absent:
                self._report.skips(one, f"not built: {', '.join(absent)}")
            else:
                runnable.append(one)
        if not runnable:
            return
        world = World(self._host, os.path.join(self._work, module.name), self._images,
                      self._programs, **module.world)
        try:
            for one in runnable:
                self._run_case(one, world)
        finally:
            self._close(world, module)

    def _close(self, world, module):
        try:
            world.close()
        except Failed as failure:
            self._report.breaks(f"{module.name}: {failure}")

    def _run_case(self, one, world):
        world.commands.transcript.clear()
        world.notes.clear()
        log = LogTail(world.ssh.log)
        begin = time.monotonic()
        try:
            one.body(world)
            self._report.passes(one, time.monotonic() - begin, world.notes)
        except Skipped as reason:
            self._report.skips(one, reason)
        except Exception as failure:  # whatever a test meets, the others still run
            self._report.fails(one, failure, world.notes, world.commands.transcript, log.read())
