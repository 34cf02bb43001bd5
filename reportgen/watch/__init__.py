"""Building again on every change, and showing the report in a browser that follows."""
