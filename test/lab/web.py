"""web.py NAME PORT SICK-FILE: answers NAME to every GET, to /peer also who asks; /health answers 503 while SICK-FILE
exists. Datagrams, and SCTP where the kernel has it, are answered by NAME and who sent them."""
import os
import socket
import sys
import _thread

name, port, sick = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SCTP = 132


def plain(address):
    return address.removeprefix("::ffff:")


def answer(connection):
    try:
        connection.settimeout(30)
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(4096)
            if not part:
                return
            request += part
        unwell = request.startswith(b"GET /health") and os.path.exists(sick)
        status = "503 Service Unavailable" if unwell else "200 OK"
        peer = plain(connection.getpeername()[0])
        body = f"{name} {peer}\n" if request.startswith(b"GET /peer") else name + "\n"
        connection.sendall(
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
        )
    except OSError:
        pass
    finally:
        connection.close()


def datagrams(server):
    while True:
        peer = server.recvfrom(4096)[1]
        server.sendto(f"{name} {plain(peer[0])}\n".encode(), peer)


def associations(server):
    server.listen(16)
    while True:
        connection, peer = server.accept()
        connection.sendall(f"{name} {plain(peer[0])}\n".encode())
        connection.close()


def beside(kind, protocol, serve):
    try:
        server = socket.socket(family, kind, protocol)
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.bind(("", port))
        _thread.start_new_thread(serve, (server,))
    except OSError:
        pass


family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
listener = socket.create_server(("", port), family=family, backlog=128, dualstack_ipv6=family == socket.AF_INET6)
beside(socket.SOCK_DGRAM, 0, datagrams)
beside(socket.SOCK_STREAM, SCTP, associations)
while True:
    _thread.start_new_thread(answer, (listener.accept()[0],))
