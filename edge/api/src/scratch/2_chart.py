# What the cell above made is still here. Change 27, then Shift+Enter.
way = path(27)
selvedge.chart.line([{"step": step, "height": height} for step, height in enumerate(way)], x="step", y="height", title="27 on its way home")
