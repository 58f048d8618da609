"""Functions that misbehave, for a child process to run."""

import importlib
import os
import signal
import subprocess
import time


def double(number):
    print("noise on standard output")
    return {"twice": number * 2}


def swell():
    return len(bytearray(2_000_000_000))


def spin():
    while True:
        pass


def sleep():
    time.sleep(60)


def stumble():
    raise ValueError("no such colour")


def die():
    os.kill(os.getpid(), signal.SIGSEGV)


def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)


def fill_the_disk(path):
    with open(path, "wb") as file:
        for _ in range(100):
            file.write(b"x" * 100_000)


def tell_environment():
    return sorted(os.environ)


def import_the_portal():
    importlib.import_module("portal")


def leave_a_grandchild():
    return subprocess.Popen(["sleep", "60"]).pid
