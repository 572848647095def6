// Pieces of line in space as capsules.
layout(location = 0) in vec3 start;
layout(location = 1) in vec3 end;
layout(location = 2) in vec4 tint;
layout(location = 3) in vec2 shape;  // width and dashes in pixels, 0 for none
flat out vec4 colour;
flat out float half_width;
flat out float dash;
out vec2 here;                       // pixels along and across from the start
flat out float span;
void main() {
    colour = tint;
    half_width = shape.x * 0.5 * picture.z;
    dash = shape.y * picture.z;
    vec4 a = drawn(start);
    vec4 b = drawn(end);
    vec2 along = (b.xy - a.xy) * picture.xy * 0.5;
    span = length(along);
    vec2 forward = span > 1e-4 ? along / span : vec2(1.0, 0.0);
    float reach = half_width + 1.0;
    bool first = (gl_VertexID & 1) == 0;
    float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
    here = vec2(first ? -reach : span + reach, side * reach);
    gl_Position = first ? a : b;
    gl_Position.xy += (forward * (first ? -reach : reach) + vec2(-forward.y, forward.x) * here.y) * 2.0 / picture.xy;
    gl_Position.z = -0.93;
}
