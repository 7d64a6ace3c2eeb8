# Halve it when it is even; triple it and add one when it is odd.
import selvedge

n, way = 27, []
while n != 1:
    way.append(n)
    n = n // 2 if n % 2 == 0 else 3 * n + 1

print(f"{len(way)} steps home, up to {max(way):,} on the way.")
rows = [{"step": i, "height": h} for i, h in enumerate(way)]
selvedge.chart.line(rows)
