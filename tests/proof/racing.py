"""One thread changes a bytearray's bytes while another encodes them: a race that ThreadSanitizer has to report.

    python racing.py

CPython writes the bytes without atomics, whoever reads them: the race is its own. It shows that our side is watched.
"""

import threading
import time

import rooms

data = bytearray(64)
hexlify = rooms.load("binascii").hexlify
end = time.monotonic() + 3


def change():
    while time.monotonic() < end:
        data[:1] = b"x"


def encode():
    while time.monotonic() < end:
        hexlify(data)


threads = [threading.Thread(target=target) for target in (change, encode)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
