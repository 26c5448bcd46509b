"""What a published guide claims, as data and formal tests, judged against published figures."""

from payguide.guide.claims.judge import judge
from payguide.guide.claims.load import Guide, load, load_file

__all__ = ["Guide", "judge", "load", "load_file"]
