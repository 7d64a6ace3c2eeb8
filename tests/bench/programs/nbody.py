"""Floats in lists: planets pulling at each other."""

BODIES = {
    "sun": ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 39.47841760435743),
    "jupiter": ([4.841431442, -1.160320044, -0.103622044], [0.606326393, 2.811986845, -0.025218361], 0.037693675),
    "saturn": ([8.343366718, 4.124798564, -0.403523417], [-1.010774346, 1.825662371, 0.008415761], 0.011286326),
    "uranus": ([12.894369562, -15.111151401, -0.223307578], [1.082791006, 0.868713018, -0.010832637], 0.001723724),
    "neptune": ([15.379697114, -25.919314609, 0.179258772], [0.979090732, 0.594698998, -0.034755955], 0.002033686),
}


def advance(dt, steps, bodies, pairs):
    for _ in range(steps):
        for (p, v, m), (q, w, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            pull = dt * ((dx * dx + dy * dy + dz * dz) ** -1.5)
            a = n * pull
            b = m * pull
            v[0] -= dx * a
            v[1] -= dy * a
            v[2] -= dz * a
            w[0] += dx * b
            w[1] += dy * b
            w[2] += dz * b
        for p, v, _m in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def energy(bodies, pairs):
    total = 0.0
    for _p, (x, y, z), m in bodies:
        total += m * (x * x + y * y + z * z) / 2.0
    for (p, _v, m), (q, _w, n) in pairs:
        distance = sum((a - b) ** 2 for a, b in zip(p, q)) ** 0.5
        total -= m * n / distance
    return total


def main():
    bodies = [(list(p), list(v), m) for p, v, m in BODIES.values()]
    pairs = [(bodies[i], bodies[j]) for i in range(len(bodies)) for j in range(i + 1, len(bodies))]
    advance(0.01, 9000, bodies, pairs)
    return "%.9f" % energy(bodies, pairs)


checksum = main()
