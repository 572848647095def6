"""One file per map layer, drawn in the order that layer_order.py names."""
