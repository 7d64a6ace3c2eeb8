# datetime, time zones, calendar
from datetime import datetime, timedelta, timezone
import zoneinfo, calendar
moment = datetime(2026, 2, 28, 23, 30, tzinfo=timezone.utc) + timedelta(hours=1)
assert moment.isoformat() == "2026-03-01T00:30:00+00:00" and calendar.isleap(2028) and datetime.fromisoformat("2026-03-01T00:30:00Z") == moment
