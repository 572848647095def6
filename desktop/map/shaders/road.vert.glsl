// Pieces of road as capsules, so that they join without gaps.
layout(location = 0) in vec2 start;
layout(location = 1) in vec2 end;
layout(location = 2) in uint on_grid;  // 1 + its number, 0 for none
uniform samplerBuffer grids;
uniform vec3 tile;
uniform vec4 tint;
uniform float width;   // pixels
uniform float casing;  // pixels added on each side
flat out vec4 colour;
flat out float half_width;
out vec2 here;       // pixels along and across from the start
flat out float span;
void main() {
    half_width = width * 0.5 * picture.z;
    here = vec2(0.0);
    span = 0.0;
    colour = tint;
    half_width += casing * picture.z;
    float height = on_grid > 0u ? texelFetch(grids, int(on_grid) - 1).a * middle.z : 0.0;
    vec4 a = drawn(vec3(unpacked(start, tile), height));
    vec4 b = drawn(vec3(unpacked(end, tile), height));
    vec2 along = (b.xy - a.xy) * picture.xy * 0.5;
    span = length(along);
    vec2 forward = span > 1e-4 ? along / span : vec2(1.0, 0.0);
    vec2 sideways = vec2(-forward.y, forward.x);
    float reach = half_width + 1.0;
    bool first = (gl_VertexID & 1) == 0;
    float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
    here = vec2(first ? -reach : span + reach, side * reach);
    gl_Position = first ? a : b;
    gl_Position.xy += (forward * (first ? -reach : reach) + sideways * here.y) * 2.0 / picture.xy;
    gl_Position.z -= 5e-5;
}
