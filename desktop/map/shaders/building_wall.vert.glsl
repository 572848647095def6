// Walls of buildings: one instance per edge, lit from the north-west, darker towards the ground.
layout(location = 0) in vec2 start;
layout(location = 1) in uint start_owner;
layout(location = 2) in vec2 end;
uniform samplerBuffer grids;
uniform vec3 tile;
uniform samplerBuffer buildings;
uniform vec3 low_tint;
uniform vec3 tall_tint;
uniform vec3 wall_tint;
uniform float upright;
uniform float opacity;  // below 1 only those are drawn that fade, else only the others
out vec3 lit;
flat out uint id;
void main() {
    uint number = start_owner & 0x7fffffffu;
    vec4 building = texelFetch(buildings, int(number));
    float ground = building.y >= 0.0 ? texelFetch(grids, int(building.y)).a * middle.z : 0.0;
    vec2 along = end - start;
    vec2 outward = normalize(vec2(along.y, -along.x) + 1e-9);
    id = (2u << 28) | number;
    lit = vec3(0.0);
    if ((start_owner >> 31) == 1u || faces_away(outward) || (building.z > 0.5) != (opacity < 1.0)) { gl_Position = nowhere(); return; }
    float sun = dot(outward, normalize(vec2(-0.8, 0.6))) * 0.5 + 0.5;
    vec3 tint = mix(low_tint, tall_tint, clamp(building.x / 70.0, 0.0, 1.0));
    bool foot = (gl_VertexID & 2) == 0;
    lit = mix(wall_tint * 0.86, mix(wall_tint, tint, 0.75), sun) * (foot ? 0.78 : 1.0);
    vec2 corner = (gl_VertexID & 1) == 0 ? start : end;
    gl_Position = drawn(vec3(unpacked(corner, tile), ground + (foot ? 0.0 : building.x * upright)));
    gl_Position.z -= 6e-5;
}
