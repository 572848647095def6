"""Talking with cameras and the gateways before them: addresses by make, ONVIF, GB/T 28181; nothing here knows who asks."""
