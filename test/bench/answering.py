"""answering.py PORT [hang]: answers every request with a small page, or accepts nobody; for benches, one thread."""
import select
import socket
import sys
import time

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("0.0.0.0", int(sys.argv[1])))
listener.listen(0 if "hang" in sys.argv else 4096)
while "hang" in sys.argv:
    time.sleep(1)
listener.setblocking(False)
poll = select.epoll()
poll.register(listener, select.EPOLLIN)
connections = {}
page = b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
while True:
    for fd, _ in poll.poll():
        if fd == listener.fileno():
            try:
                connection = listener.accept()[0]
            except OSError:
                continue
            connections[connection.fileno()] = connection
            poll.register(connection, select.EPOLLIN)
            continue
        connection = connections.pop(fd)
        poll.unregister(fd)
        try:
            if connection.recv(4096):
                connection.send(page)
        except OSError:
            pass
        connection.close()
