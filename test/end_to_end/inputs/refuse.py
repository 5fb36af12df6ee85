"""Runs a program whose system refuses some calls, as a container's may.

    refuse.py ERROR CALL[,CALL...] PROGRAM [ARGUMENT...]

Each call, clone3 or madvise, say, fails with ERROR (EPERM, ENOSYS, EAGAIN) in
PROGRAM. With no program, says whether that works here: exit code 0 or 1.
"""
import ctypes
import errno
import os
import platform
import struct
import sys

# System calls by machine.
NUMBERS = {
    "x86_64": {"madvise": 28, "clone": 56, "setrlimit": 160, "prlimit64": 302,
               "clone3": 435},
    "aarch64": {"madvise": 233, "clone": 220, "setrlimit": 164,
                "prlimit64": 261, "clone3": 435},
}
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # of classic BPF
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # SECCOMP_RET_
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def install(numbers, error):
    """Refuses these calls to this process from now on."""
    code = struct.pack("<HBBI", LOAD, 0, 0, 0)  # the call's number
    for number in numbers:
        code += struct.pack("<HBBI", EQUAL, 0, 1, number)
        code += struct.pack("<HBBI", RETURN, 0, 0, ERRNO | error)
    code += struct.pack("<HBBI", RETURN, 0, 0, ALLOW)
    program = Program(len(code) // 8, code)
    libc = ctypes.CDLL(None)
    return (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and
            libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
                       ctypes.byref(program), 0, 0) == 0)


def main():
    error, calls, *program = sys.argv[1:]
    known = NUMBERS.get(platform.machine())
    if known is None or not install([known[call] for call in calls.split(",")],
                                    getattr(errno, error)):
        sys.exit(1)
    if program:
        os.execv(program[0], program)


if __name__ == "__main__":
    main()
