# Network sockets
import socket
here, there = socket.socketpair()
here.sendall(b"x")
assert there.recv(1) == b"x"
