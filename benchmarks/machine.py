"""What the machine is, and what a process and its children hold: read from Linux's /proc.

Elsewhere there is no /proc and the memory is left out of the report.
"""

import os
import platform
import re
from pathlib import Path

from benchmarks.figures import Memory

_PROC = Path("/proc")
_KIB = 1024


def facts() -> list[str]:
    """Return what matters of this machine, a line each."""
    model = re.search(r"^model name\s*: (.+)$", _read(_PROC / "cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+) kB$", _read(_PROC / "meminfo"), re.MULTILINE)
    lines = [f"{os.cpu_count()} processor cores" + (f" ({model[1]})" if model else "")]
    if memory:
        lines.append(f"{int(memory[1]) / _KIB**2:.0f} GB of memory")
    lines.append(f"{platform.system()} {platform.release()}, Python {platform.python_version()}")
    return lines


def busy() -> float:
    """Return how busy the machine was in the last minute, in cores."""
    return os.getloadavg()[0]


def memory(*roots: int) -> Memory | None:
    """Return what these processes and everything below them hold, or None if it cannot be read."""
    held = {pid: one for pid in _family(roots) if (one := _resident(pid))}
    if not held:
        return None
    once = [_shared_once(pid) for pid in held]
    known = [one for one in once if one is not None]
    return Memory(sum(held.values()), sum(known) if len(known) == len(once) else None)


def processor_time(*roots: int) -> float:
    """Return the seconds of processor time these processes and all below them have used."""
    ticks = 0
    for pid in _family(roots):
        # After the name, which is in brackets: own and reaped children's, user and system.
        _, _, rest = _read(_PROC / str(pid) / "stat").rpartition(") ")
        ticks += sum(int(one) for one in rest.split()[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(roots: tuple[int, ...]) -> list[int]:
    children: dict[int, list[int]] = {}
    for status in _PROC.glob("[0-9]*/status"):
        if parent := _field(_read(status), "PPid"):
            children.setdefault(parent, []).append(int(status.parent.name))
    found = list(roots)
    for pid in found:  # grows as we go
        found.extend(children.get(pid, []))
    return found


def _resident(pid: int) -> int:
    return _field(_read(_PROC / str(pid) / "status"), "VmRSS") * _KIB


def _shared_once(pid: int) -> int | None:
    rollup = _read(_PROC / str(pid) / "smaps_rollup")
    return _field(rollup, "Pss") * _KIB if rollup else None


def _field(text: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _read(file: Path) -> str:
    # A process may end, or belong to somebody else, while we look.
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
