// The walls of raised grids: one instance per edge, two triangles each.
layout(location = 0) in vec2 start;
layout(location = 1) in uint start_owner;
layout(location = 2) in vec2 end;
layout(location = 3) in uint other;  // the grid on the far side, 0x7fffffff for none
uniform samplerBuffer grids;
uniform vec3 tile;
flat out vec4 colour;
flat out uint id;
void main() {
    uint number = start_owner & 0x7fffffffu;
    vec4 grid = texelFetch(grids, int(number));
    vec2 along = end - start;
    vec2 outward = vec2(along.y, -along.x);
    id = (1u << 28) | number;
    colour = vec4(0.0);
    uint far_side = other & 0x7fffffffu;
    float foot = far_side == 0x7fffffffu ? 0.0 : texelFetch(grids, int(far_side)).a;
    bool hidden = grid.a <= foot || faces_away(outward);
    if ((start_owner >> 31) == 1u || hidden || middle.z <= 0.0) { gl_Position = nowhere(); return; }
    float light = 0.42 + 0.22 * abs(outward.x) / (length(outward) + 1e-6);
    colour = vec4(grid.rgb * light, 1.0);
    vec2 corner = (gl_VertexID & 1) == 0 ? start : end;
    gl_Position = drawn(vec3(unpacked(corner, tile), ((gl_VertexID & 2) == 0 ? foot : grid.a) * middle.z));
}
