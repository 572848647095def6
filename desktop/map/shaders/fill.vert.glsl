// Land, water and sectors: flat surfaces on the ground, tinted by kind.
layout(location = 0) in vec2 place;
layout(location = 1) in uint kind;
uniform vec4 tints[8];
uniform vec3 tile;  // origin and step; 0, 0, 1 where places are metres already
flat out vec4 colour;
flat out uint id;
void main() {
    colour = tints[int(kind & 7u)];
    id = 0u;
    gl_Position = drawn(vec3(unpacked(place, tile), 0.0));
    gl_Position.z -= 1e-5;
}
