"""Serves one clip by GStreamer's RTSP server, which is nobody's here. Run by Debian's own Python: it has the bindings.

/usr/bin/python3 third_party.py FILE.mp4
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( filesrc location={sys.argv[1]} ! qtdemux ! rtph264pay name=pay0 pt=96 )")
factory.set_shared(True)
server.get_mount_points().add_factory("/clip", factory)
server.attach(None)
sys.stdout.write(f"ready {server.get_bound_port()}\n")
sys.stdout.flush()
GLib.MainLoop().run()
