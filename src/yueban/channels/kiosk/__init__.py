"""The kiosk channel: 自助终端 at the outlets."""
