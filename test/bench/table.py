"""table.py ADDRESS PORT servers COUNT | weight WEIGHT: says "asking", and "there" once IPVS has the TCP service with so many real
servers, or one of them with that weight. It asks the kernel for this one service every 10 ms: a listing, or a program started
anew each time, would take more of the lab kernel's only processor than what is measured."""
import ctypes
import os
import socket
import struct
import sys
import time

# linux/ip_vs.h: the options of getsockopt(2), and the sizes of what they give.
IP_VS_SO_GET_SERVICE, IP_VS_SO_GET_DESTS = 64 + 1024 + 64 + 3, 64 + 1024 + 64 + 4
SERVICE_ENTRY_SIZE, DESTINATIONS_SIZE, DESTINATION_SIZE = 104, 24, 96
NUMBER_OF_DESTINATIONS, WEIGHT = 44, 12

address, port, question, wanted = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
libc = ctypes.CDLL(None, use_errno=True)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
service = struct.pack("=HxxI", socket.IPPROTO_TCP, struct.unpack("=I", socket.inet_aton(address))[0])
service += struct.pack(">Hxx", port) + struct.pack("=I", 0)


def ask(option, size, request):
    """The kernel's answer; None when it has no such service, or not that many real servers."""
    buffer = ctypes.create_string_buffer(request, size + 1)
    length = ctypes.c_uint(size)
    if libc.getsockopt(raw.fileno(), socket.SOL_IP, option, buffer, ctypes.byref(length)) == 0:
        return buffer.raw
    if ctypes.get_errno() in (2, 3, 22):
        return None
    sys.exit(f"getsockopt {option}: {os.strerror(ctypes.get_errno())}")


def servers():
    answer = ask(IP_VS_SO_GET_SERVICE, SERVICE_ENTRY_SIZE, service)
    return 0 if answer is None else struct.unpack_from("=I", answer, NUMBER_OF_DESTINATIONS)[0]


def weights():
    count = servers()
    size = DESTINATIONS_SIZE + count * DESTINATION_SIZE
    answer = ask(IP_VS_SO_GET_DESTS, size, service + struct.pack("=I", count))
    if answer is None:
        return []
    return [
        struct.unpack_from("=i", answer, DESTINATIONS_SIZE + n * DESTINATION_SIZE + WEIGHT)[0] for n in range(count)
    ]


print("asking", flush=True)
while servers() != wanted if question == "servers" else wanted not in weights():
    time.sleep(0.01)
print("there", flush=True)
