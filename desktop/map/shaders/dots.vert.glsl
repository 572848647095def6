// Workers' dots, gliding from one fix to the next.
layout(location = 0) in vec2 start;
layout(location = 1) in vec2 end;
layout(location = 2) in vec2 timing;  // began, takes; seconds
layout(location = 3) in uvec4 look;   // mark, lit, rank
layout(location = 4) in float ground; // height of its grid 0..1
uniform vec4 tints[4];                // free, on task, stale, candidate
uniform float radius;
uniform vec2 wash;                    // how much of the colour shows when nobody asks for workers, and when
flat out vec4 colour;
flat out float reach;
flat out float hollow;
void main() {
    float share = clamp((middle.w - timing.x) / max(timing.y, 1e-3), 0.0, 1.0);
    gl_Position = drawn(vec3(mix(start, end, share), ground * middle.z));
    gl_Position.z = -0.9;
    bool ranked = look.z > 0u;
    colour = ranked ? tints[3] : tints[min(int(look.x), 2)];
    colour.a = ranked ? 1.0 : (look.y > 0u ? wash.y : wash.x);
    hollow = look.x == 2u ? 1.0 : (look.x == 1u ? 0.5 : 0.0);
    reach = radius * picture.z * (ranked ? 1.5 : (look.y > 0u ? 1.15 : 1.0));
    gl_PointSize = reach * 2.0 + 3.0;
    if (look.x >= 3u || !(abs(end.x) < 1e9)) gl_Position = nowhere();
}
