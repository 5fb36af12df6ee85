"""program_bytes.py EXECUTABLE LIMIT: bytes of the program, the image left out; an
error where there are more than LIMIT."""
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
(table,) = struct.unpack_from("<Q", data, 32)
(count,) = struct.unpack_from("<H", data, 56)
total = 0
for index in range(count):
    kind, flags, _, _, _, size, _, alignment = struct.unpack_from(
        "<IIQQQQQQ", data, table + 56 * index
    )
    if kind == 1 and alignment < 0x200000:  # PT_LOAD
        total += size
print("program:", total, "bytes")
sys.exit(total == 0 or total > int(sys.argv[2]))
