// Trails: for each worker one piece from their dot to the place left last, and on to the one before, fading with age.
layout(location = 0) in vec2 start;    // the dot glides from here
layout(location = 1) in vec2 end;
layout(location = 2) in vec2 timing;   // began, takes; seconds
layout(location = 3) in ivec4 ring;    // slot, newest place, how many there are, the worker's tint
layout(location = 4) in int on_grid;   // of the dot
uniform samplerBuffer grids;
uniform samplerBuffer places;          // x, y, second when it was left, 2 + grid, negative before a jump
uniform int kept;
uniform float fade;                    // seconds
uniform vec3 tints[4];
flat out vec4 colour;
flat out float half_width;
flat out float dash;
out vec2 here;
flat out float span;
float height(int number) { return number >= 0 ? texelFetch(grids, number).a * middle.z : 0.0; }
vec4 place(int back) { return texelFetch(places, ring.x * kept + (ring.y - back + kept) % kept); }
void main() {
    int piece = gl_InstanceID % kept;
    vec4 older = place(piece);
    float age = middle.w - older.z;
    dash = 0.0;
    here = vec2(0.0);
    span = 0.0;
    half_width = mix(1.3, 0.6, clamp(age / fade, 0.0, 1.0)) * picture.z;
    colour = vec4(tints[ring.w], 0.7 * (1.0 - clamp(age / fade, 0.0, 1.0)));
    if (piece >= ring.z || older.w < 0.0 || age >= fade) { gl_Position = nowhere(); return; }
    vec3 newer = vec3(mix(start, end, clamp((middle.w - timing.x) / max(timing.y, 1e-3), 0.0, 1.0)), height(on_grid));
    if (piece > 0) {
        vec4 at = place(piece - 1);
        newer = vec3(at.xy, height(int(abs(at.w)) - 2));
    }
    vec4 a = drawn(vec3(older.xy, height(int(older.w) - 2)));
    vec4 b = drawn(newer);
    vec2 along = (b.xy - a.xy) * picture.xy * 0.5;
    span = length(along);
    vec2 forward = span > 1e-4 ? along / span : vec2(1.0, 0.0);
    float reach = half_width + 1.0;
    bool first = (gl_VertexID & 1) == 0;
    float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
    here = vec2(first ? 0.0 : span, side * reach);  // ends where the next begins: laid over each other they would show
    gl_Position = first ? a : b;
    gl_Position.xy += vec2(-forward.y, forward.x) * here.y * 2.0 / picture.xy;
    gl_Position.z = -0.89;
}
