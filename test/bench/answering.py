"""answering.py PORT [hang]: answers every request with a small page, or accepts nobody; for benches, one thread.

The two ports above accept everybody and never answer, and the third one's pages never end.
"""
import select
import socket
import sys
import time


def listener(port, backlog):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("0.0.0.0", port))
    server.listen(backlog)
    return server


port = int(sys.argv[1])
hanging = listener(port, 0) if "hang" in sys.argv else None
while hanging:
    time.sleep(1)
listeners = {}
poll = select.epoll()
for above in range(4):
    server = listener(port + above, 4096)
    server.setblocking(False)
    listeners[server.fileno()] = above, server
    poll.register(server, select.EPOLLIN)
connections = {}
page = b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
unending = b"HTTP/1.0 200 OK\r\n\r\nok\n"
while True:
    for fd, _ in poll.poll():
        if fd in listeners:
            above, server = listeners[fd]
            try:
                connection = server.accept()[0]
            except OSError:
                continue
            connections[connection.fileno()] = above, connection
            poll.register(connection, select.EPOLLIN)
            continue
        above, connection = connections[fd]
        try:
            request = connection.recv(4096)
        except OSError:
            request = b""
        if request and above:
            if above == 3:
                connection.send(unending)
            continue
        try:
            if request:
                connection.send(page)
        except OSError:
            pass
        del connections[fd]
        poll.unregister(fd)
        connection.close()
