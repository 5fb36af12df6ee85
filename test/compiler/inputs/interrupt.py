"""interrupt.py FOLDER COMMAND...: SIGINT as soon as FOLDER holds a file.

Prints the exit code, standard error and the names left in FOLDER. A command that
finishes before the signal arrives is run again.
"""
import os
import signal
import subprocess
import sys

folder, command = sys.argv[1], sys.argv[2:]
for attempt in range(50):
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while child.poll() is None and not os.listdir(folder):
        pass
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate()
    if child.returncode == 0:
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
        continue
    print("exit", child.returncode)
    print(errors, end="")
    print("left:", *(os.listdir(folder) or ["none"]))
    break
