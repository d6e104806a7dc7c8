"""The emulator as a process of its own: `azure-emulator`, or `python -m azure_emulator`."""

from __future__ import annotations

from azure_emulator.cli import main

if __name__ == "__main__":
    main()
