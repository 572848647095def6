// The surface of a grid, on the ground or raised by its load.
layout(location = 0) in vec2 place;
layout(location = 1) in uint owner;
uniform samplerBuffer grids;  // rgb, height 0..1
uniform vec3 tile;
uniform float strength;       // of the load's colour
uniform vec3 unloaded;
uniform float raised;          // 0 draws every grid on the ground, 1 only the raised ones on top
flat out vec4 colour;
flat out uint id;
void main() {
    uint number = owner & 0x7fffffffu;
    vec4 grid = texelFetch(grids, int(number));
    colour = vec4(mix(unloaded, grid.rgb, strength), 1.0);
    id = (1u << 28) | number;
    if (raised > 0.5 && grid.a <= 0.0) { gl_Position = nowhere(); return; }
    gl_Position = drawn(vec3(unpacked(place, tile), raised * grid.a * middle.z));
    gl_Position.z += (1.0 - raised) * 1e-5;
}
