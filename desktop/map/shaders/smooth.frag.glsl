// Smooths the stairs of edges where neighbouring pixels differ in green, the most of what lightness is (FXAA, console variant).
// The picture wraps around.
uniform sampler2D plain;
uniform ivec2 size;
layout(location = 0) out vec4 painted;

vec3 between(vec2 at) { return texture(plain, at / vec2(size)).rgb; }

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    int left = at.x == 0 ? size.x - 1 : at.x - 1, right = at.x == size.x - 1 ? 0 : at.x + 1;
    int below = at.y == 0 ? size.y - 1 : at.y - 1, above = at.y == size.y - 1 ? 0 : at.y + 1;
    vec3 here = texelFetch(plain, at, 0).rgb;
    float nw = texelFetch(plain, ivec2(left, above), 0).g;
    float ne = texelFetch(plain, ivec2(right, above), 0).g;
    float sw = texelFetch(plain, ivec2(left, below), 0).g;
    float se = texelFetch(plain, ivec2(right, below), 0).g;
    float low = min(here.g, min(min(nw, ne), min(sw, se)));
    float high = max(here.g, max(max(nw, ne), max(sw, se)));
    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    float reduce = max((nw + ne + sw + se) * 0.03125, 0.002);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -6.0, 6.0);
    vec3 mixed = 0.5 * (between(gl_FragCoord.xy - along / 6.0) + between(gl_FragCoord.xy + along / 6.0));
    painted = vec4(high - low < 0.012 ? here : mixed, 1.0);
}
