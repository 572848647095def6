// Edges as soft lines of a width in pixels, standing on their grid.
layout(location = 0) in vec2 start;
layout(location = 1) in uint start_owner;
layout(location = 2) in vec2 end;
layout(location = 3) in uint other;  // the area on the far side, 0x7fffffff for none; top bit: it draws this edge
uniform samplerBuffer grids;
uniform samplerBuffer late;  // r: overdue; g, b: numbers of the street and the community a grid lies in
uniform vec3 tile;
uniform int only;         // number of the one area that is drawn; -1 all, -2 those that are late
uniform float standing;  // 1 lifts the line to the roof of its grid
uniform float by_level;  // 1 draws borders of streets, communities and grids apart: the edges are those of grids
uniform vec3 widths;     // of streets, communities, grids
uniform vec4 tints[3];   // the same; a level without colour is not drawn
flat out vec4 colour;
out float across;
flat out float half_width;
void main() {
    uint number = start_owner & 0x7fffffffu;
    uint far_side = other & 0x7fffffffu;
    int level = 2;
    if (by_level > 0.5) {
        vec2 here = texelFetch(late, int(number)).gb;
        vec2 there = far_side == 0x7fffffffu ? vec2(-1.0) : texelFetch(late, int(far_side)).gb;
        level = here.x != there.x ? 0 : here.y != there.y ? 1 : 2;
    }
    across = 0.0;
    half_width = widths[level] * 0.5 * picture.z;
    colour = tints[level];
    bool left_out = only >= 0 ? only != int(number) : only == -2 && texelFetch(late, int(number)).r <= 0.0;
    left_out = left_out || (only == -1 && (other >> 31) == 1u) || colour.a <= 0.0;
    if ((start_owner >> 31) == 1u || left_out) { gl_Position = nowhere(); return; }
    float height = standing > 0.5 ? texelFetch(grids, int(number)).a : 0.0;
    if (standing > 0.5 && only == -1 && far_side != 0x7fffffffu) height = max(height, texelFetch(grids, int(far_side)).a);
    height *= middle.z;
    vec4 a = drawn(vec3(unpacked(start, tile), height));
    vec4 b = drawn(vec3(unpacked(end, tile), height));
    vec2 along = (b.xy - a.xy) * picture.xy;
    vec2 sideways = normalize(vec2(-along.y, along.x) + 1e-9);
    float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
    float reach = half_width + 1.0;
    across = side * reach;
    gl_Position = (gl_VertexID & 1) == 0 ? a : b;
    gl_Position.xy += sideways * across * 2.0 / picture.xy;
    gl_Position.z -= 4e-5;
}
