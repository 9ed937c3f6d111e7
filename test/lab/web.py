"""web.py NAME PORT SICK-FILE: answers NAME to every GET, to /peer also who asks; /health answers 503 while SICK-FILE
exists."""
import os
import socket
import sys
import _thread

name, port, sick = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def answer(connection):
    try:
        connection.settimeout(5)
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(4096)
            if not part:
                return
            request += part
        unwell = request.startswith(b"GET /health") and os.path.exists(sick)
        status = "503 Service Unavailable" if unwell else "200 OK"
        peer = connection.getpeername()[0].removeprefix("::ffff:")
        body = f"{name} {peer}\n" if request.startswith(b"GET /peer") else name + "\n"
        connection.sendall(
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
        )
    except OSError:
        pass
    finally:
        connection.close()


if socket.has_dualstack_ipv6():
    listener = socket.create_server(("", port), family=socket.AF_INET6, backlog=128, dualstack_ipv6=True)
else:
    listener = socket.create_server(("", port), backlog=128)
while True:
    _thread.start_new_thread(answer, (listener.accept()[0],))
