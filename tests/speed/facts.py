"""Prints, as JSON, what a measurement was made on: the machine, the interpreter, how it was built."""

import datetime
import json
import os
import platform
import sys
import sysconfig


def main():
    gil = "with the GIL" if getattr(sys, "_is_gil_enabled", lambda: True)() else "free-threaded"
    rust = "Rust built in" if "_rust" in sys.builtin_module_names else "Rust loaded"
    facts = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{processor()}, {os.cpu_count()} threads",
        "system": platform.platform(),
        "Python": f"CPython {sys.version.split()[0]}, {gil}, {rust}",
        "configure": sysconfig.get_config_var("CONFIG_ARGS") or "(no arguments)",
        "C": f"{platform.python_compiler()}, {sysconfig.get_config_var('OPT')}",
    }
    print(json.dumps(facts))


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
