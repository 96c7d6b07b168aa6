"""The clocks app; in demo settings it makes the kernel's clock follow the demo offset."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Registers the clocks app."""

    name = "yueban.clocks"

    def ready(self) -> None:
        from django.conf import settings

        from yueban.clocks.demo import follow_demo_offset

        if settings.YUEBAN_DEMO_CLOCK:
            follow_demo_offset()
