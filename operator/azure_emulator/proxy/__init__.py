"""The emulator reached as Azure itself: an HTTP(S) proxy and servers by Azure's own names."""
