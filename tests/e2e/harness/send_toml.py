"""The tables of send.toml."""


def receiver(world, name="pi", extra="", **changed):
    """The table of a receiver."""
    keys = {"host": '"127.0.0.1"', "port": world.link.port, "user": f'"{world.login}"',
            "key": f'"{world.ssh.login_key}"', "known_hosts": f'"{world.known_hosts}"', **changed}
    return f"[receivers.{name}]\n" + _lines(keys) + extra


def job(lane, name=None, extra="", **changed):
    """The table of a job, called like the lane's tag unless told otherwise."""
    keys = {"snapshot_dir": f'"{lane.snapshot_dir}"', "source_tag": f'"{lane.source_tag}"',
            "dest_tag": f'"{lane.tag}"', "to": '"pi"', **changed}
    return f"[jobs.{name or lane.tag}]\n" + _lines(keys) + extra


def _lines(keys):
    return "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None)
