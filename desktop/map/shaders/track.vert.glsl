// Pieces of a track as capsules, so that they join without gaps; dashed where nobody was seen.
layout(location = 0) in vec4 ends;   // x, y of the start, x, y of the end
layout(location = 1) in ivec2 on_grid;  // -1 for none
layout(location = 3) in uvec4 look;  // tint, what is known of the way
uniform samplerBuffer grids;
uniform vec3 tints[6];
uniform vec4 casing;                 // colour and opacity; 0 draws the line itself
uniform float width;                 // pixels; 0 for bare lines, of which each has two corners only
flat out vec4 colour;
flat out float half_width;
flat out float dash;
out vec2 here;                       // pixels along and across from the start
flat out float span;
float height(int number) { return number >= 0 ? texelFetch(grids, number).a * middle.z : 0.0; }
void main() {
    bool unseen = look.y == 1u;
    bool bare = width <= 0.0;
    half_width = bare ? 1.0 : width * (unseen ? 0.36 : 0.5) * picture.z;
    dash = unseen ? 5.0 * picture.z : 0.0;
    colour = casing.a > 0.0 ? casing : vec4(tints[min(int(look.x), 5)], unseen ? 0.75 : 1.0);
    here = vec2(0.0);
    span = 0.0;
    vec4 a = drawn(vec3(ends.xy, height(on_grid.x)));
    vec4 b = drawn(vec3(ends.zw, height(on_grid.y)));
    vec2 along = (b.xy - a.xy) * picture.xy * 0.5;
    span = length(along);
    vec2 forward = span > 1e-4 ? along / span : vec2(1.0, 0.0);
    vec2 sideways = vec2(-forward.y, forward.x);
    float reach = half_width + 1.0;
    bool first = (gl_VertexID & 1) == 0;
    float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
    here = bare ? vec2(first ? 0.0 : span, 0.0) : vec2(first ? -reach : span + reach, side * reach);
    gl_Position = first ? a : b;
    if (!bare) gl_Position.xy += (forward * (first ? -reach : reach) + sideways * here.y) * 2.0 / picture.xy;
    gl_Position.z = -0.88;
}
