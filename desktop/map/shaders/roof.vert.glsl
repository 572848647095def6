// The surface of a grid, on the ground or raised by its load.
layout(location = 0) in vec2 place;
layout(location = 1) in uint owner;
uniform samplerBuffer grids;  // rgb, height 0..1
uniform vec3 tile;
uniform float strength;       // of the load's colour
uniform vec3 unloaded;
flat out vec4 colour;
flat out uint id;
void main() {
    uint number = owner & 0x7fffffffu;
    vec4 grid = texelFetch(grids, int(number));
    colour = vec4(mix(unloaded, grid.rgb, strength), 1.0);
    id = (1u << 28) | number;
    float height = grid.a * middle.z;
    gl_Position = drawn(vec3(unpacked(place, tile), height));
    if (height <= 0.0) gl_Position.z += 1e-5;
}
