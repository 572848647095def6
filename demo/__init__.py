"""The demonstration: starts and watches every process of it, and drives two desks for the smoke run."""
