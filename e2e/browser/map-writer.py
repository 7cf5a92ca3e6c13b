"""Writes each number of standard input, a line each, to the first float32 of a file, through a memory map."""

import mmap
import struct
import sys

with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as view:
    for line in sys.stdin:
        view[0:4] = struct.pack("<f", float(line))
        view.flush()
