# tries: talking to the metadata service, the node, a name server and a local socket
# attack: 74
# limits: wall_ms 3_000
# ends: succeeded
# shows: nothing answered
reached = []
try:
    import socket
    for address in (('169.254.169.254', 80), ('127.0.0.1', 22), ('::1', 80), ('localhost', 3000), ('8.8.8.8', 53), ('0.0.0.0', 0)):
        for attempt in (lambda: socket.create_connection(address, 1), lambda: socket.socket().bind(address), lambda: socket.getaddrinfo(*address),
                        lambda: socket.gethostbyname(address[0]), lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', address),
                        lambda: socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock'), lambda: socket.socketpair()):
            try:
                attempt()
                reached.append(address)
            except Exception:
                pass
except ImportError:
    pass
print('reached' if reached else 'nothing answered', *reached)
