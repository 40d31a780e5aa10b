"""The class that the module `zoneinfo` offers."""

from zoneinfo import ZoneInfo as ZoneInfo
