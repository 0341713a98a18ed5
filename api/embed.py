"""Writes a text file as a C array: embed.py INPUT OUTPUT."""
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
lines = [", ".join(str(byte if byte < 128 else byte - 256) for byte in data[i:i + 24]) for i in range(0, len(data), 24)]
with open(sys.argv[2], "w") as file:
    file.write('#include "api/openapi.h"\n\nconst char openapi_text[] = {\n' + ",\n".join(lines) + "};\n")
    file.write("const size_t openapi_len = sizeof openapi_text;\n")
