// Roofs of buildings: lighter the higher they are, so that towers read from above.
layout(location = 0) in vec2 place;
layout(location = 1) in uint owner;
uniform samplerBuffer grids;
uniform samplerBuffer buildings;  // height in metres, grid number
uniform vec3 tile;
uniform vec3 low_tint;
uniform vec3 tall_tint;
uniform float upright;
uniform float opacity;  // below 1 only those are drawn that fade, else only the others
flat out vec4 colour;
flat out uint id;
void main() {
    uint number = owner & 0x7fffffffu;
    vec4 building = texelFetch(buildings, int(number));
    float ground = building.y >= 0.0 ? texelFetch(grids, int(building.y)).a * middle.z : 0.0;
    colour = vec4(mix(low_tint, tall_tint, clamp(building.x / 70.0, 0.0, 1.0)), opacity);
    id = (2u << 28) | number;
    gl_Position = drawn(vec3(unpacked(place, tile), ground + building.x * upright));
    gl_Position.z -= 6e-5;
    if ((building.z > 0.5) != (opacity < 1.0)) gl_Position = nowhere();
}
