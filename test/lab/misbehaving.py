"""misbehaving.py DIRECTORY: servers on 127.0.0.1 that do to each client what the file DIRECTORY/PORT says just then.

Ports 8000-8009 are web servers, 8440-8449 the same over TLS (cert.pem and key.pem of the directory), 2500-2509 mail
servers, 5300-5309 name servers and 7000-7009 servers of other datagrams.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

directory = sys.argv[1]
BODY = b"hello world\n"
PAGES = {
    "200": b"HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\n" + BODY,
    "no-length": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "short": b"HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\n" + BODY,
    "503": b"HTTP/1.0 503 No\r\nContent-Length: 12\r\n\r\n" + BODY,
    "empty": b"",
    "garbage": bytes(range(128, 256)),
    "half": b"HTTP/1.0 200 OK\r\n",
}
DIALOGUES = {
    "good": ("220 hello\r\n", "250 you\r\n", "221 bye\r\n"),
    "no": ("554 go away\r\n",),
    "many": ("220-hello\r\n220 hello\r\n", "250 you\r\n", "221 bye\r\n"),
    "unknown": ("220 hello\r\n", "550 who\r\n"),
    "leaves": ("220 hello\r\n", "250 you\r\n"),
    "empty": (),
}


def told(port):
    try:
        with open(f"{directory}/{port}") as file:
            return file.read().split()
    except OSError:
        return [""]


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def web(connection, behaviour):
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(4096)
        if not part:
            return
        request += part
    with open(f"{directory}/requests", "a") as file:
        file.write(repr(request) + "\n")
    if behaviour == "reset":
        reset(connection)
    elif behaviour == "hang":
        time.sleep(30)
    else:
        connection.sendall(PAGES[behaviour])
        if behaviour == "half":
            time.sleep(30)


def mail(connection, behaviour):
    if behaviour == "reset":
        reset(connection)
    elif behaviour == "hang":
        time.sleep(30)
    else:
        for reply in DIALOGUES[behaviour]:
            connection.sendall(reply.encode())
            if not connection.recv(4096):
                return


def answer(port, connection, serve, secured):
    try:
        connection.settimeout(5)
        behaviour = told(port)[0]
        if secured and behaviour == "no-tls":
            connection.recv(4096)
            connection.sendall(b"220 no TLS here\r\n")
        elif secured and behaviour == "hang-tls":
            time.sleep(30)
        elif secured:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{directory}/cert.pem", f"{directory}/key.pem")
            connection = context.wrap_socket(connection, server_side=True)
            serve(connection, behaviour)
            connection.unwrap()
        else:
            serve(connection, behaviour)
    except (OSError, KeyError):
        pass
    finally:
        connection.close()


def streams(port, serve, secured=False):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=answer, args=(port, connection, serve, secured), daemon=True).start()


def datagrams(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", port))
    while True:
        query, client = server.recvfrom(4096)
        behaviour, *words = told(port)
        if behaviour == "echo":
            server.sendto(query, client)
        elif behaviour == "bytes":
            for word in words:
                server.sendto(bytes.fromhex(word), client)
        elif behaviour == "code":
            server.sendto(query[:2] + bytes([0x85, int(words[0])]) + query[4:], client)
        elif behaviour == "another":
            server.sendto(b"\0\0\x85\0" + query[4:], client)


for first, serve, secured in ((8000, web, False), (8440, web, True), (2500, mail, False)):
    for port in range(first, first + 10):
        threading.Thread(target=streams, args=(port, serve, secured), daemon=True).start()
for first in (5300, 7000):
    for port in range(first, first + 10):
        threading.Thread(target=datagrams, args=(port,), daemon=True).start()
with open(f"{directory}/ready", "w"):
    pass
while os.getppid() != 1:
    time.sleep(1)
