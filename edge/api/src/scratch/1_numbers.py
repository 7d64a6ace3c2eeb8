# Take a number. Halve it when it is even; triple it and add one when it is not.
# Nobody has proved that it always comes home to 1. Try yours.
import selvedge

def path(n):
    steps = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps.append(n)
    return steps

journeys = {n: path(n) for n in (6, 7, 9, 19, 25, 27)}
print(f"27 takes {len(journeys[27]) - 1} steps and climbs to {max(journeys[27]):,} on the way.")
selvedge.table([{"start": n, "steps": len(way) - 1, "peak": max(way)} for n, way in journeys.items()])
