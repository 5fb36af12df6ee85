"""program_bytes.py EXECUTABLE: bytes of the program, the image left out."""
import struct
import sys

data = open(sys.argv[1], "rb").read()
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
print("less than" if total < 1000000 else "not less than", "1000000 bytes")
